import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';

/** A Kubernetes object as its file says it. */
export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; labels?: Record<string, string> };
  [key: string]: unknown;
}

interface Kustomization {
  resources?: string[];
  configMapGenerator?: Array<{ name: string; literals: string[] }>;
}

/**
 * The objects a kustomization stands for: its resources, those of the kustomizations it builds on, and
 * the config maps it generates. Names, images and patches of an overlay are left to kustomize.
 */
export function manifestsOf(folder: string): Manifest[] {
  const { resources = [], configMapGenerator = [] } = parse(
    readFileSync(join(folder, 'kustomization.yaml'), 'utf8'),
  ) as Kustomization;
  const named = resources.flatMap((resource) =>
    resource.endsWith('.yaml')
      ? objectsIn(join(folder, resource))
      : manifestsOf(join(folder, resource)),
  );
  return [...named, ...configMapGenerator.map(generated)];
}

export function objectsIn(file: string): Manifest[] {
  return parseAllDocuments(readFileSync(file, 'utf8')).map((document) => {
    if (document.errors.length > 0) {
      throw new Error(`${dirname(file)}: ${document.errors[0]!.message}`);
    }
    return document.toJS() as Manifest;
  });
}

function generated({ name, literals }: { name: string; literals: string[] }): Manifest {
  const data = Object.fromEntries(literals.map((line) => line.split(/=(.*)/s).slice(0, 2)));
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data };
}
