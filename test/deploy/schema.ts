import type { Manifest } from './kustomize.js';

interface Problem {
  instancePath: string;
  message?: string;
  keyword: string;
}
type Validate = ((value: unknown) => boolean) & { errors?: Problem[] | null };

/** Where the schemas of a group and version are, in the names of Kubernetes' OpenAPI document. */
const GROUPS: Record<string, string> = {
  v1: 'CoreV1',
  'apps/v1': 'AppsV1',
  'batch/v1': 'BatchV1',
  'policy/v1': 'PolicyV1',
  'autoscaling/v2': 'AutoscalingV2',
  'networking.k8s.io/v1': 'NetworkingV1',
};

/** Errors of an object by the schema of its kind, unknown fields included. */
export async function problemsOf(manifest: Manifest): Promise<string[]> {
  const group = GROUPS[manifest.apiVersion];
  if (!group) return [`no schemas of ${manifest.apiVersion} are known to this test`];
  const name = `kubernetes-models/_schemas/IoK8sApi${group}${manifest.kind}`;
  const { validate } = (await import(name)) as { validate: Validate };
  const { watched, unread } = watch(manifest);
  if (validate(watched)) return unread().map((path) => `${path}: no such field`);
  return (validate.errors ?? []).map(
    ({ instancePath, message, keyword }) => `${instancePath || '/'}: ${message ?? keyword}`,
  );
}

/**
 * Schemas are open, so validators ignore unknown fields. A proxy records which fields were read, and reports
 * the others.
 */
function watch(root: object) {
  const asked = new Set<string>();
  const wrap = (value: unknown, path: string): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    return new Proxy(value, {
      get(target, key) {
        if (typeof key === 'symbol') return Reflect.get(target, key) as unknown;
        asked.add(`${path}/${key}`);
        return wrap(Reflect.get(target, key), `${path}/${key}`);
      },
      // A map of free names, such as labels, is walked.
      ownKeys(target) {
        const keys = Reflect.ownKeys(target);
        for (const key of keys) asked.add(`${path}/${String(key)}`);
        return keys;
      },
    });
  };
  const fieldsOf = (value: unknown, path: string): string[] => {
    if (typeof value !== 'object' || value === null) return [];
    if (Array.isArray(value)) return value.flatMap((item, at) => fieldsOf(item, `${path}/${at}`));
    return Object.entries(value).flatMap(([key, inner]) => [
      `${path}/${key}`,
      ...fieldsOf(inner, `${path}/${key}`),
    ]);
  };
  return {
    watched: wrap(root, ''),
    unread: () => fieldsOf(root, '').filter((path) => !asked.has(path)),
  };
}
