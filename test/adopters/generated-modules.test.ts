import {
  LINES,
  PURCHASE_ORDERS,
  QUOTES,
  VENUES,
  finish,
  generate,
  leave,
  testGenerated,
} from './generated-copy.js';
import { Scratch } from './scratch.js';

let copy: Scratch;
beforeAll(() => void (copy = new Scratch()));
afterAll(() => {
  leave(copy);
  const each = Object.entries(seconds).map(
    ([step, all]) => `${step} ${(all / MODULES).toFixed(0)} s`,
  );
  const sum = Object.values(seconds).reduce((one, other) => one + other, 0) / MODULES;
  console.log(`Of each of ${MODULES} modules: ${each.join(', ')}; together ${sum.toFixed(0)} s`);
});

/** Modules that are generated, and what each step takes for all of them. */
const MODULES = 5;
const seconds: Record<string, number> = {};

async function timed(step: string, work: () => Promise<void>): Promise<void> {
  const started = performance.now();
  await work();
  seconds[step] = (performance.now() - started) / 1000;
}

const make = (command: string, ...args: string[]) =>
  copy.run('scripts/atrium.mjs', command, ...args);

const PRETTIER = 'node_modules/prettier/bin/prettier.cjs';

/** What is there already, or cannot be. */
const AGAIN: Array<[string, string[], RegExp]> = [
  ['make:job', ['quotes', 'send_reminders'], /send-reminders\.job\.ts exists already/],
  ['make:job', ['quotes', 'Send'], /"Send" cannot name a job/],
  ['make:job', ['quotes', 'archive', '--every=year'], /"--every=year" is no period/],
  ['make:job', ['quotes', 'archive', '--at=24'], /"--at=24" is no hour of the day/],
  ['make:mail', ['quotes', 'quote-sent'], /quote-sent\.hbs exists already/],
  ['make:mail', ['quotes'], /Name the mail/],
  ['make:mail', ['quotes', 'invoice'], /billing\.feature\.ts declares "invoice" under mails/],
  [
    'make:lines',
    ['venues', 'venue:text!'],
    /a line has a venue beside its fields: choose another name/,
  ],
  ['make:lines', ['venues', 'venue_id:text!'], /a line has a venue_id beside its fields/],
  ['make:lines', ['venues', 'position:integer'], /a line has a position beside its fields/],
  [
    'make:tab',
    ['purchase_orders'],
    /purchase-orders-settings\.page\.controller\.ts exists already/,
  ],
  ['make:tab', ['quotes', '--at=7'], /make:tab has no option --at/],
  ['make:relation', ['quotes'], /Name the module whose rows belong to others/],
];

test('what cannot be made is refused in a sentence, and nothing is written', async () => {
  const before = copy.snapshot();
  const wrong: Array<[string[], RegExp]> = [
    [['venue', 'name:text!'], /"venue" has no plural/],
    [['Venues', 'name:text!'], /"Venues" cannot name a module/],
    [['five_words_are_too_many', 'name:text!'], /one to four words/],
    [['meeting__rooms', 'name:text!'], /cannot name a module/],
    [['api_keys', 'name:text!'], /src\/api-keys exists already/],
    [['audit_entries', 'name:text!'], /There is a table "audit_entry" already/],
    [['purchase_orders', 'name:text!', '--singular=Order'], /"Order" cannot be a singular/],
    [['settings', 'name:text!'], /"settings" is reserved/],
    [['projects', 'name:text!'], /src\/projects exists already/],
    [['invoices', 'name:text!'], /There is a table "invoice" already/],
    [['venues', 'name:words!'], /there is no kind "words"/],
    [['venues', 'name'], /"name" is no field/],
    [['venues', 'seats:integer'], /A module needs a required text/],
    [['venues', 'name:text!', 'name:text'], /The field "name" is there twice/],
    [['venues', 'name:text!', 'api_token:text'], /cannot be called "api_token"/],
    [['venues', 'name:text!', 'kind:choice(one)'], /name 2 to 12 different words/],
    [['venues', 'name:text!', 'seats:integer:searchable'], /only text is searchable/],
    [['venues', 'name:text!', 'land:reference'], /name one of country, language, currency/],
    [['venues', 'name:text!', 'land:reference(planet)'], /name one of country, language/],
    [['venues', 'name:text!', 'land:reference(country)=Belgium'], /a code such as BE/],
    [['venues', 'name:text!', 'land:reference(country):unique'], /reference cannot be unique/],
    [['venues', 'name:text!', 'land:reference(country):searchable'], /only text is searchable/],
    [['venues', 'name:text!', 'plan:file!'], /before its files, .*: leave out ! and modifiers/],
    [['venues', 'name:text!', 'plan:file:unique'], /before its files, .*: leave out ! and/],
    [['venues', 'name:text!', 'plan:file=none'], /before its files, .*: leave out ! and/],
    [['venues', 'plan:file'], /A module needs a required text/],
    [['venues', 'name:text!', 'plan:file(pdf)'], /the kind file has no options/],
    [['venues', 'name:text!', 'code:number!'], /every row is given its own number/],
    [['venues', 'name:text!', 'owner:text', 'owner:member'], /The field "owner" is there twice/],
    [['venues', 'name:text!', 'home:belongs-to'], /name one module in brackets/],
    [['venues', 'name:text!', 'home:belongs-to(planets)'], /there is no module src\/planets/],
    [['venues', 'name:text!', 'home:belongs-to(members)'], /there is no module src\/members/],
    [['venues', 'name:text!', 'home:belongs-to(venues)'], /one of another module/],
    [['venues', 'name:text!', 'from:date'], /cannot be called "from": .* word of PostgreSQL/],
    [['venues', 'user:text!'], /cannot be called "user": .* word of PostgreSQL/],
    [['venues', 'name:text!', 'class:text'], /cannot be called "class": .* word of TypeScript/],
    [['venues', 'name:text!', 'new:boolean'], /cannot be called "new": .* word of TypeScript/],
    [['codes', 'name:text!', 'code:number'], /cannot be called as the row/],
    [['packages', 'name:text!'], /"packages" is reserved/],
    [['cards', 'name:text!'], /"cards" is reserved/],
    [['people', 'name:text!', '--singular=person'], /"people" is reserved/],
    [['venues', 'code:number'], /A module needs a required text/],
    [['venues', 'name:text!', 'code:number', 'other:number'], /Rows have one number/],
  ];
  for (const [args, message] of wrong) {
    await expect(make('make:module', ...args)).rejects.toThrow(message);
  }
  await expect(make('make:field', 'venues', 'due:date')).rejects.toThrow(/no module src\/venues/);
  const shown = await make('make:module', 'venues', ...VENUES, '--dry-run');
  expect(shown).toContain('+++ src/venues/venue.entity.ts');
  expect(copy.snapshot()).toEqual(before);
}, 120_000);

test('names of indexes and constraints fit into PostgreSQL, however long those of module and fields are', async () => {
  const prefix = 'reference_of_the_customer_department';
  const fields = ['one', 'two'].flatMap((end) => [
    `${prefix}_${end}:choice(aa,bb)`,
    `${prefix}_${end.slice(1)}:reference(country)`,
  ]);
  const shown = await make(
    'make:module',
    `${'organisational'.repeat(2)}agreements`,
    'name_by_which_it_is_known_to_customers:text!:unique',
    'day_on_which_the_customers_received_it:date',
    'customer_of_the_organisation_by_number:text:unique',
    ...fields,
    '--dry-run',
  );
  const names = shown.match(/\b(idx|uq|ck|fk|pk)_organisational\w+/g) ?? [];
  expect(names.filter((name) => name.length > 63)).toEqual([]);
  // The entity names the indexes of the migration.
  const indexes = [...shown.matchAll(/CREATE (?:UNIQUE )?INDEX (\w+)/g)].map(([, name]) => name);
  expect(new Set(indexes).size).toBe(indexes.length);
  const declared = [...shown.matchAll(/@Index\('(\w+)'/g)].map(([, name]) => name);
  expect(declared.length).toBeGreaterThan(6);
  expect(indexes).toEqual(expect.arrayContaining(declared));
  expect(new Set(names.filter((name) => name.startsWith('ck_'))).size).toBe(3);
}, 120_000);

test('modules and fields are generated once, pass npm run check, and are taken back without a trace', async () => {
  const before = copy.snapshot();
  const documented = copy
    .read('docs/adding-a-module.md')
    .replace(/['\\]/g, '')
    .replace(/\s+/g, ' ');
  const languages = '--writers=admin --nl=offerte/offertes --fr=devis/devis';
  expect(documented).toContain(`make:module quotes ${QUOTES.join(' ')} ${languages}`);
  expect(documented).toContain(`make:lines quotes ${LINES.join(' ')}`);
  expect(documented).toContain(`make:module purchase-orders ${PURCHASE_ORDERS.join(' ')}`);
  // The key by which a quote leads to a project comes and goes with it.
  await make('make:module', 'quotes', ...QUOTES, 'project:belongs-to(projects)');
  await expect(make('unmake:module', 'projects')).rejects.toThrow(/other modules are made of/);
  await make('unmake:module', 'quotes');
  expect(copy.snapshot()).toEqual(before);

  await timed('generated', () => generate(copy));
  const made = copy.snapshot();
  await expect(make('make:module', 'venues', ...VENUES)).rejects.toThrow(/exists already/);
  await expect(make('make:field', 'quotes', 'total:money')).rejects.toThrow(/has a field "total"/);
  for (const [command, args, message] of AGAIN) {
    await expect(make(command, ...args)).rejects.toThrow(message);
  }
  for (const field of ['signed_copy:text', 'signed_copy:file']) {
    await expect(make('make:field', 'quotes', field)).rejects.toThrow(
      /quotes\.feature\.ts has a file "signed_copy" already/,
    );
  }
  await expect(make('make:field', 'quotes', 'due:file')).rejects.toThrow(/has a field "due"/);
  await expect(make('make:field', 'venues', 'other:number')).rejects.toThrow(/a number already/);
  await expect(make('make:lines', 'quotes', ...LINES)).rejects.toThrow(/the rows have lines/);
  await expect(make('make:lines', 'venues', 'plan:file')).rejects.toThrow(/a line has fields of/);
  await expect(make('make:lines', 'venues', 'owner:member')).rejects.toThrow(
    /a line has fields of/,
  );
  await expect(make('make:field', 'quotes', 'lead:member!')).rejects.toThrow(
    /rows that are there have no value/,
  );
  await expect(make('make:field', 'venues', 'quote:belongs-to(quotes)')).rejects.toThrow(
    /lists quotes after venues/,
  );
  await expect(make('unmake:module', 'venues')).rejects.toThrow(
    /src\/(quotes|purchase-orders)\/.* needs src\/venues/,
  );
  // Another feature has the queue, and the row has a property of its own.
  const taken: Array<[path: string, from: string, to: string, args: string[], message: RegExp]> = [
    [
      'src/deadlines/deadlines.feature.ts',
      'queues: {',
      'queues: { quotes_archive: PATIENT,',
      ['make:job', 'quotes', 'archive'],
      /deadlines\.feature\.ts declares "quotes_archive" under queues/,
    ],
    [
      'src/venues/venue.entity.ts',
      '@VersionColumn() version: number;',
      '@VersionColumn() version: number;\n  lines: string;',
      ['make:lines', 'venues', 'description:text!'],
      /venue\.entity\.ts has a property "lines" already/,
    ],
    [
      copy.find('migrations/*[0-9]-venues.ts')[0]!,
      'export class',
      '// CREATE TABLE venue_line\nexport class',
      ['make:lines', 'venues', 'description:text!'],
      /There is a table "venue_line" already/,
    ],
  ];
  for (const [path, from, to, args, message] of taken) {
    const before = copy.read(path);
    copy.edit(path, from, to);
    await expect(copy.run('scripts/atrium.mjs', ...args)).rejects.toThrow(message);
    copy.write(path, before);
  }
  expect(copy.snapshot()).toEqual(made);

  expect(JSON.parse(copy.read('test/i18n/review.json'))).toEqual({
    'purchase-orders': ['nl', 'fr'],
    lessons: ['nl', 'fr'],
    quotes: ['nl', 'fr'],
    trainings: ['nl', 'fr'],
    venues: ['nl', 'fr'],
  });
  finish(copy);

  await timed('npm run check', async () => {
    await copy.run('scripts/text-keys.mjs');
    await copy.run('scripts/check.mjs', '--except=format');
    // Of files that are as they were, the format is known to be right.
    const changed = copy.changedSince(before);
    expect(changed.length).toBeGreaterThan(100);
    await copy.run(PRETTIER, '--check', '--log-level=warn', '--ignore-unknown', ...changed);
  });
}, 600_000);

test('what was generated does what its tests say, shows codes and rows by their names, and numbers rows', async () => {
  await timed('tests and isolation', () => testGenerated(copy));
}, 300_000);

test('pages that were generated have nothing that axe finds, in three languages and both themes', async () => {
  await timed('axe', async () => {
    process.env.ATRIUM_TEST_PAGES = '/quotes/,/purchase-orders/';
    await copy.test('test/browser/accessibility', '-t', 'axe finds nothing');
    delete process.env.ATRIUM_TEST_PAGES;
  });
}, 300_000);

/** What is taken out of a module, and what says so: a file of tests, what fails in it, and its words. */
interface Mutation {
  path: string;
  from: string | RegExp;
  to: string;
  file: string;
  fails: string;
  says: RegExp;
}

test('a policy, a filter, a permission or a declaration that is taken out of a module is missed', async () => {
  const mutations: Mutation[] = [
    {
      path: copy.find('migrations/*[0-9]-quotes.ts')[0]!,
      from: /await protectTenantTable\([^;]*;/,
      to: "$&\n    await runner.query('ALTER TABLE quote DISABLE ROW LEVEL SECURITY');",
      file: 'test/isolation/tables',
      fails: '● no role reaches a row of another organisation in any table',
      says: /in organisation A: select quote: reached rows of another organisation/,
    },
    {
      path: 'src/quotes/quotes.repository.ts',
      from: 'p.tenant_id = app_tenant_id() AND ',
      to: '',
      file: 'test/core/sql-rows',
      fails: '● statements of a repository of an organisation name the organisation',
      says: /\+ +"src\/quotes\/quotes\.repository\.ts listed"/,
    },
    {
      path: 'src/quotes/quotes.page.controller.ts',
      from: "@Post('new')\n  @May('quotes:write')",
      to: "@Post('new')",
      file: 'test/isolation/permissions',
      fails: '● a route that changes something asks for a permission to write',
      says: /\+ +"POST \/quotes\/new\/"/,
    },
  ];
  const undeclared: Mutation = {
    path: 'src/quotes/quotes.feature.ts',
    from: /\n {2}tables: \{[\s\S]*?\n {2}\},/,
    to: '',
    file: 'test/architecture/tables',
    // Nothing starts, the application neither.
    fails: 'Jest: Got error running globalSetup',
    says: /quotes\.feature\.ts: subjects\.quote is no table of organisations: write tables\.quote/,
  };
  // Each is missed by a file of its own, all of which passed in the tests above.
  for (const together of [mutations, [undeclared]]) {
    const before = together.map(({ path }) => [path, copy.read(path)] as const);
    for (const { path, from, to } of together) copy.edit(path, from, to);
    const said = await copy.failing(...together.map(({ file }) => file));
    for (const { fails, says } of together) {
      expect(said).toContain(fails);
      expect(said).toMatch(says);
    }
    for (const [path, text] of before) copy.write(path, text);
  }
}, 600_000);
