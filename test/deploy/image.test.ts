import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { projectPath } from '../../src/core/config/project-path.js';

interface Service {
  image?: string;
  command?: string[];
  environment?: Record<string, string>;
  read_only?: boolean;
  cap_drop?: string[];
}

const dockerfile = readFileSync(projectPath('Dockerfile'), 'utf8');
const { services } = parse(readFileSync(projectPath('compose.yaml'), 'utf8'), {
  merge: true,
}) as { services: Record<string, Service> };

test('compose runs the application, a worker, the migrations, PostgreSQL and a mail catcher', () => {
  expect(Object.keys(services).sort()).toEqual(['app', 'database', 'mail', 'migrate', 'worker']);
  expect(services.database!.image).toBe('postgres:18');
  expect(services.app!.environment).toMatchObject({ ROLE: 'web', MIGRATE_ON_START: 'false' });
  expect(services.worker!.environment).toMatchObject({ ROLE: 'worker' });
  expect(services.migrate!.command?.at(-1)).toBe('migrate');
});

test('only the migrations know the owner of the database', () => {
  const knowing = Object.entries(services).filter(
    ([, { environment = {} }]) => 'MIGRATION_DATABASE_URL' in environment,
  );
  expect(knowing.map(([name]) => name)).toEqual(['migrate']);
});

test('containers have a read-only file system and no capabilities', () => {
  for (const name of ['app', 'worker', 'migrate']) {
    expect(services[name]).toMatchObject({ read_only: true, cap_drop: ['ALL'] });
  }
});

test('the image is built in stages, runs as a number that is not root and checks its health', () => {
  const [, last] =
    /.*^(FROM [\s\S]*)$/m.exec(dockerfile.slice(dockerfile.lastIndexOf('\nFROM'))) ?? [];
  expect(dockerfile.match(/^FROM node:24-slim/gm)).toHaveLength(3);
  expect(last).toMatch(/^USER 1000:1000$/m);
  expect(last).toMatch(/^HEALTHCHECK /m);
  expect(last).not.toMatch(/npm|COPY \. /);
  expect(dockerfile).toMatch(/npm ci --omit=dev/);
});

test('what the image copies exists and reaches the build', () => {
  const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, sources]) =>
    sources!.split(' ').filter((source) => source !== '.'),
  );
  const [hidden, ...sent] = readFileSync(projectPath('.dockerignore'), 'utf8')
    .split('\n')
    .filter((line) => line && !line.startsWith('#'));
  expect(hidden).toBe('*');
  expect(copied).toContain('package-lock.json');
  for (const source of copied) expect(sent).toContain(`!${source}`);
  for (const path of sent)
    expect([path, existsSync(projectPath(path.slice(1)))]).toEqual([path, true]);
});
