import { Scratch } from './scratch.js';

let copy: Scratch;
beforeAll(() => void (copy = new Scratch()));
afterAll(() => copy.end());

test('a field of a feature is written in at most six files, and in the texts of each language', async () => {
  copy.write(
    'migrations/1799000000000-project-customer.ts',
    `import type { MigrationInterface, QueryRunner } from 'typeorm';

export class ProjectCustomer1799000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE project ADD COLUMN customer varchar(80)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE project DROP COLUMN customer');
  }
}
`,
  );
  const entity = 'src/projects/project.entity.ts';
  copy.edit(
    entity,
    '  status: ProjectStatus;\n',
    '  status: ProjectStatus;\n  customer: string | null;\n',
  );
  copy.edit(
    entity,
    "  @Column('date', { nullable: true })",
    "  @Column('varchar', { length: 80, nullable: true }) customer: string | null;\n  @Column('date', { nullable: true })",
  );
  copy.edit(
    entity,
    /const \{ name, (.*) \} = this;\n {4}return \{ name, /,
    'const { name, customer, $1 } = this;\n    return { name, customer, ',
  );
  const forms = 'src/projects/project.forms.ts';
  copy.edit(
    forms,
    '  /** ISO 8601, `2026-02-28`. */\n',
    '  @OptionalTextField({ max: 80 }) customer: string | null = null;\n  /** ISO 8601, `2026-02-28`. */\n',
  );
  copy.edit(
    forms,
    '  OptionalMultilineField,\n',
    '  OptionalMultilineField,\n  OptionalTextField,\n',
  );
  copy.edit(
    'src/projects/projects.feature.ts',
    "      name: 'plain',",
    "      name: 'plain',\n      customer: 'plain',",
  );
  copy.edit(
    'src/projects/projects.feature.ts',
    "rowColumns('name', ",
    "rowColumns('name', 'customer', ",
  );
  copy.edit(
    'views/projects/partials/fields.hbs',
    /^\{\{> form\/textarea/m,
    '{{> form/field name="customer" label=(t "projects.fields.customer") optional=true maxlength="80"}}\n{{> form/textarea',
  );
  copy.edit(
    'views/projects/partials/values.hbs',
    '</dl>',
    '  <dt class="text-muted">{{t "projects.fields.customer"}}</dt><dd class="wrap-anywhere">{{or project.customer "–"}}</dd>\n</dl>',
  );
  const { changed } = copy;
  console.log(`A field is written in ${changed.length} files: ${changed.join(', ')}`);
  expect(changed.length).toBeLessThanOrEqual(6);

  const words = { en: 'Customer', nl: 'Klant', fr: 'Client' };
  for (const [language, word] of Object.entries(words)) {
    copy.say(language, 'projects.fields', 'customer', word);
    copy.say(language, 'projects.audit.fields', 'customer', word);
  }
  copy.write(
    'test/projects/customer.test.ts',
    `import { startApp } from '../support/app.js';

test('a project has a customer', async () => {
  const atrium = await startApp({ ROLE: 'web' });
  try {
    const { browser } = await atrium.people.memberOf('Acme', 'anna@acme.example');
    const { location } = await browser.fill('/projects/new/', { name: 'Roof', customer: 'Mayor' });
    expect((await browser.visit(location! + 'edit/')).form(location! + 'edit/')).toMatchObject({ customer: 'Mayor' });
    expect((await browser.visit(location!)).at('dl')).toContain('CustomerMayor');
    const api = await atrium.api().login('anna@acme.example', 'paper lantern orbit');
    const { body } = await api.get('/projects/' + location!.split('/')[2]);
    expect(body).toMatchObject({ name: 'Roof', customer: 'Mayor' });
  } finally {
    await atrium.stop();
  }
});
`,
  );
  await copy.checkTypes();
  await copy.test('test/projects/(customer|projects|two-organisations)');
}, 300_000);
