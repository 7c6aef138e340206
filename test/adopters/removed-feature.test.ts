import { globSync } from 'node:fs';
import { Scratch } from './scratch.js';

let copy: Scratch;
beforeAll(() => void (copy = new Scratch()));
afterAll(() => copy.end());

test('a feature goes with its folders, its entry among the features, and a migration', async () => {
  for (const path of ['src/projects', 'views/projects', 'test/projects']) copy.remove(path);
  for (const path of globSync('i18n/*/projects.json', { cwd: copy.root })) copy.remove(path);
  copy.edit('src/features.ts', /import \{ projects \} from .*\n/, '');
  copy.edit('src/features.ts', /^ {2}projects,\n/m, '');
  copy.write(
    'migrations/1799000000000-without-projects.ts',
    `import type { MigrationInterface, QueryRunner } from 'typeorm';

export class WithoutProjects1799000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE project');
  }

  async down(): Promise<void> {
    // What is gone cannot come back.
  }
}
`,
  );
  expect(copy.changed).toEqual(['migrations/1799000000000-without-projects.ts', 'src/features.ts']);

  await copy.checkTypes();
  await copy.depends();
  await copy.test('test/architecture/tables', 'test/flags');
}, 300_000);
