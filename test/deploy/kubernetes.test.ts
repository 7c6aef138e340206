import { readFileSync } from 'node:fs';
import { readConfig } from '../../src/core/config/read-config.js';
import { projectPath } from '../../src/core/config/project-path.js';
import { manifestsOf, objectsIn, type Manifest } from './kustomize.js';
import { problemsOf } from './schema.js';

const overlay = projectPath('deploy/kubernetes/overlays/example');
const all = manifestsOf(overlay);
const ofKind = <T>(kind: string) => all.filter((one) => one.kind === kind) as Array<Manifest & T>;

interface Container {
  name: string;
  image: string;
  command?: string[];
  env?: Array<{ name: string; value: string }>;
  envFrom: Array<{ configMapRef?: { name: string }; secretRef?: { name: string } }>;
  ports?: Array<{ name: string; containerPort: number }>;
  startupProbe?: Probe;
  livenessProbe?: Probe;
  readinessProbe?: Probe;
  resources: { requests: Record<string, string>; limits: Record<string, string> };
  securityContext: Record<string, unknown>;
}
interface Probe {
  httpGet: { path: string; port: string };
}
interface Pod {
  metadata: { labels: Record<string, string> };
  spec: {
    containers: Container[];
    securityContext: Record<string, unknown>;
    terminationGracePeriodSeconds?: number;
    automountServiceAccountToken: boolean;
  };
}
interface Workload {
  spec: { template: Pod; selector?: { matchLabels: Record<string, string> } };
}

const workloads = [...ofKind<Workload>('Deployment'), ...ofKind<Workload>('Job')];
const deployments = ofKind<Workload>('Deployment');
const settings = Object.assign(
  {},
  ...ofKind<{ data: Record<string, string> }>('ConfigMap').map(({ data }) => data),
) as Record<string, string>;

test('everything a cluster needs is there', () => {
  expect(all.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual(
    expect.arrayContaining([
      'Deployment atrium-web',
      'Deployment atrium-worker',
      'Job atrium-migrate',
      'Service atrium',
      'Ingress atrium',
      'PodDisruptionBudget atrium-web',
      'HorizontalPodAutoscaler atrium-web',
      'NetworkPolicy atrium',
      'ServiceAccount atrium',
      'ConfigMap atrium',
    ]),
  );
});

test.each(all.map((one) => [`${one.kind} ${one.metadata.name}`, one]))(
  '%s is what the schemas of Kubernetes ask for, and nothing they do not know',
  async (_name, manifest) => {
    expect(await problemsOf(manifest)).toEqual([]);
  },
);

test('the schemas refuse a wrong type, a missing field and an unknown field', async () => {
  const broken = (change: (spec: Record<string, unknown>) => void) => {
    const copy = structuredClone(deployments[0]!) as Manifest & { spec: Record<string, unknown> };
    change(copy.spec);
    return problemsOf(copy);
  };
  expect(await broken((spec) => (spec.replicas = 'three'))).not.toEqual([]);
  expect(await broken((spec) => delete spec.template)).not.toEqual([]);
  expect(await broken((spec) => (spec.minimumReplicas = 3))).toEqual([
    '/spec/minimumReplicas: no such field',
  ]);
});

test.each(workloads.map((one) => [one.metadata.name, one]))(
  '%s asks for no right it does not need',
  (_name, { spec }) => {
    const { containers, ...pod } = spec.template.spec;
    expect(pod.automountServiceAccountToken).toBe(false);
    expect(pod.securityContext).toMatchObject({
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    for (const { securityContext, resources } of containers) {
      expect(securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      expect(Object.keys(resources.requests)).toEqual(['cpu', 'memory']);
      expect(resources.limits.memory).toBeDefined();
    }
  },
);

test('no secret is written down, and only the migration job knows the owner', () => {
  expect(ofKind('Secret')).toEqual([]);
  const secretsOf = ({ spec }: Workload) =>
    spec.template.spec.containers.flatMap(({ envFrom }) =>
      envFrom.flatMap(({ secretRef }) => secretRef?.name ?? []),
    );
  for (const one of deployments) expect(secretsOf(one)).toEqual(['atrium']);
  expect(ofKind<Workload>('Job').flatMap(secretsOf)).toEqual(['atrium', 'atrium-owner']);
});

test('the probes ask addresses that exist, at a port that has that name', () => {
  for (const { spec } of deployments) {
    const [container] = spec.template.spec.containers;
    const { ports, startupProbe, livenessProbe, readinessProbe } = container!;
    expect(livenessProbe?.httpGet).toEqual({ path: '/health/live', port: 'http' });
    expect(readinessProbe?.httpGet).toEqual({ path: '/health/ready', port: 'http' });
    expect(startupProbe?.httpGet).toEqual({ path: '/health/ready', port: 'http' });
    expect(ports).toEqual([
      { name: 'http', containerPort: Number(settings.PORT) },
      { name: 'metrics', containerPort: Number(settings.METRICS_PORT) },
    ]);
  }
});

test('selectors find the pods they are meant for', () => {
  const pods = workloads.map(({ spec }) => spec.template.metadata.labels);
  const matching = (selector: Record<string, string>) =>
    pods
      .filter((labels) => Object.entries(selector).every(([key, value]) => labels[key] === value))
      .map((labels) => labels['app.kubernetes.io/component']);
  const [service] = ofKind<{ spec: { selector: Record<string, string> } }>('Service');
  const [budget] = ofKind<{ spec: { selector: { matchLabels: Record<string, string> } } }>(
    'PodDisruptionBudget',
  );
  expect(matching(service!.spec.selector)).toEqual(['web']);
  expect(matching(budget!.spec.selector.matchLabels)).toEqual(['web']);
  for (const { spec } of deployments) {
    expect(matching(spec.selector!.matchLabels)).toHaveLength(1);
  }
});

test('a pod has the time to drain, to finish and to close before it is killed', () => {
  const finishing = 25;
  for (const { spec } of deployments) {
    expect(spec.template.spec.terminationGracePeriodSeconds).toBeGreaterThan(
      Number(settings.SHUTDOWN_DRAIN_SECONDS) + finishing + 10,
    );
  }
});

test('the configuration, with the secrets of the example, is one the application starts with', () => {
  const secrets = objectsIn(`${overlay}/secrets.example.yaml`) as Array<
    Manifest & { stringData: Record<string, string> }
  >;
  const names = secrets.flatMap(({ stringData }) => Object.keys(stringData));
  const overlaid = [
    ...readFileSync(`${overlay}/kustomization.yaml`, 'utf8').matchAll(/^ +- ([A-Z0-9_]+)=(.*)$/gm),
  ].map(([, name, value]) => [name, value]);
  const filled = {
    APP_SECRET: '6d1f0c2b9a8e7d6c5b4a39281706f5e4d3c2b1a0',
    DATABASE_URL: 'postgres://atrium_app:secret@db:5432/atrium',
    MIGRATION_DATABASE_URL: 'postgres://atrium_owner:secret@db:5432/atrium',
    SMTP_URL: 'smtps://user:password@smtp.example.com',
    S3_ACCESS_KEY_ID: 'key',
    S3_SECRET_ACCESS_KEY: 'secret',
  };
  expect(names.sort()).toEqual(Object.keys(filled).sort());
  const config = readConfig({ ...settings, ...Object.fromEntries(overlaid), ...filled });
  expect(config).toMatchObject({ NODE_ENV: 'production', MIGRATE_ON_START: false });
});
