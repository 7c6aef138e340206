import { GENERATED_TESTS } from './generated-tests.js';
import { Scratch } from './scratch.js';

let copy: Scratch;
beforeAll(() => void (copy = new Scratch()));
afterAll(() => copy.end());

const make = (command: string, ...args: string[]) =>
  copy.run('scripts/atrium.mjs', command, ...args);

/** Every kind of field, and every modifier. */
const VENUES = [
  'name:text!:unique',
  'owner:member',
  'summary:multiline:searchable',
  'seats:integer=12',
  'rate:decimal',
  'budget:money!',
  'opened:date!',
  'opens_at:time!',
  'outdoor:boolean',
  'kind:choice(hall,garden)',
  'contact_email:email:unique',
  'website:url',
  'country:reference(country)!',
  'spoken:reference(language)',
  'counts_in:reference(currency)=EUR',
  'zone:reference(timezone)',
];

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

/** With a status, a number, and a title of another name. */
const QUOTES = ['number:number', 'subject:text!', 'due:date', 'status:choice(draft,sent)'];

/** Of two words, with a row of each kind that it cannot be without. */
const PURCHASE_ORDERS = [
  'number:number',
  'subject:text!',
  'status:choice(draft,sent)',
  'venue:belongs-to(venues)!',
  'buyer:member!',
];

/** What a line of a quote holds. */
const LINES = ['description:text!', 'quantity:decimal!', 'unit_price:money!'];

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

test('modules and fields are generated once, have the right types, and are taken back without a trace', async () => {
  const before = copy.snapshot();
  const documented = copy
    .read('docs/adding-a-module.md')
    .replace(/['\\]/g, '')
    .replace(/\s+/g, ' ');
  const languages = '--writers=admin --nl=offerte/offertes --fr=devis/devis';
  expect(documented).toContain(`make:module quotes ${QUOTES.join(' ')} ${languages}`);
  expect(documented).toContain(`make:lines quotes ${LINES.join(' ')}`);
  expect(documented).toContain(`make:module purchase-orders ${PURCHASE_ORDERS.join(' ')}`);
  const started = performance.now();
  // The key by which a quote leads to a project comes and goes with it.
  await make('make:module', 'quotes', ...QUOTES, 'project:belongs-to(projects)');
  await expect(make('unmake:module', 'projects')).rejects.toThrow(/other modules are made of/);
  await make('unmake:module', 'quotes');
  expect(copy.snapshot()).toEqual(before);

  await make('make:module', 'venues', ...VENUES);
  await make('make:module', 'purchase-orders', ...PURCHASE_ORDERS);
  await make(
    'make:module',
    'quotes',
    ...QUOTES,
    '--writers=admin',
    '--nl=offerte/offertes',
    '--fr=devis/devis',
  );
  await make('make:field', 'quotes', 'country:reference(country)', 'owner:member');
  await make('make:relation', 'quotes', 'venues');
  await make(
    'make:field',
    'quotes',
    'paid_on:date',
    'total:money',
    'channel:choice(web,shop)',
    'order:belongs-to(purchase_orders)',
  );
  await make('make:lines', 'quotes', ...LINES);
  await make('make:field', 'purchase_orders', 'due:date', 'carrier:choice(road,rail)');
  await make('make:field', 'venues', 'code:number');
  await make('make:job', 'quotes', 'send_reminders');
  await make('make:job', 'quotes', 'close-month', '--every=month', '--at=2');
  await make('make:mail', 'quotes', 'quote_sent');
  await make('make:tab', 'purchase_orders');
  await make('make:job', 'purchase-orders', 'chase', '--every=week');
  await make('make:mail', 'purchase_orders', 'order_sent');
  const made = copy.snapshot();
  await expect(make('make:module', 'venues', ...VENUES)).rejects.toThrow(/exists already/);
  await expect(make('make:field', 'quotes', 'total:money')).rejects.toThrow(/has a field "total"/);
  for (const [command, args, message] of AGAIN) {
    await expect(make(command, ...args)).rejects.toThrow(message);
  }
  await expect(make('make:field', 'venues', 'other:number')).rejects.toThrow(/a number already/);
  await expect(make('make:lines', 'quotes', ...LINES)).rejects.toThrow(/the rows have lines/);
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
    quotes: ['nl', 'fr'],
    venues: ['nl', 'fr'],
  });
  // Somebody has read them.
  copy.write('test/i18n/review.json', '{}\n');

  await copy.checkTypes();
  const seconds = (performance.now() - started) / 1000;
  console.log(`Three modules and ten fields, with their types: ${seconds.toFixed(0)} s`);
}, 300_000);

test('what was generated does what its tests say, shows codes and rows by their names, and numbers rows', async () => {
  copy.write(
    'test/quotes/kinds.test.ts',
    `import { runInContext } from '../../src/core/context/request-context.js';
import { ExportParts } from '../../src/tenants/export/export-parts.js';
import { startApp, type TestApp } from '../support/app.js';
import { typed as typedVenue } from '../venues/venues.samples.js';
import { sent, typed } from './quotes.samples.js';

let atrium: TestApp;
beforeAll(async () => void (atrium = await startApp({ ROLE: 'web' })));
afterAll(() => atrium.stop());

test('people read a code by its name in their language, and the API answers and takes the code', async () => {
  const anna = await atrium.people.adminOf('Acme', 'anna@acme.test');
  const { location } = await anna.browser.fill('/quotes/new/', { ...typed('12'), country: 'be' });
  const bert = await atrium.people.memberOf('Acme', 'bert@acme.test');
  bert.browser.with('Accept-Language', 'nl');
  expect((await bert.browser.visit(location!)).at('dl')).toContain('België');
  expect((await bert.browser.visit('/quotes/')).at('tbody')).toContain('België');
  expect((await anna.browser.visit('/settings/activity/')).at('main')).toContain('after: Belgium');

  const client = atrium.api().showing(await atrium.people.keyOf('Acme', SCOPES));
  const path = '/quotes/' + location!.split('/')[2];
  expect((await client.get(path)).body.country).toBe('BE');
  const wrong = await client.send('PATCH', path, { country: 'QQ' });
  expect([wrong.status, wrong.body.errors[0].pointer]).toEqual([422, '/country']);
  expect((await client.send('PATCH', path, { country: 'NL' })).body.country).toBe('NL');

  const { browser } = await atrium.people.staff('sam@atrium.test', true);
  const list = await browser.visit('/admin/quotes/');
  const record = list.document.querySelector('tbody th a')!.getAttribute('href')!;
  expect((await browser.visit(record)).at('main')).toContain('Netherlands');
});

test('every row is given the next number, which is read everywhere and entered nowhere', async () => {
  const { browser, tenantId } = await atrium.people.adminOf('Globex', 'gus@globex.test');
  const client = atrium.api().showing(await atrium.people.keyOf('Globex', SCOPES));
  const made = await Promise.all([1, 2, 3, 4].map(() => client.post('/quotes', sent('Roof'))));
  const year = new Date().getFullYear();
  const numbers = [1, 2, 3, 4].map((each) => year + '-000' + each);
  expect(made.map(({ body }) => body.number).sort()).toEqual(numbers);
  const chosen = await client.post('/quotes', { ...sent('Roof'), number: '2020-0001' });
  expect([chosen.status, chosen.body.errors[0].pointer]).toEqual([422, '/number']);
  expect((await browser.visit('/quotes/new/')).document.querySelector('[name="number"]')).toBeNull();
  const { location } = await browser.fill('/quotes/new/', typed('Barn'));
  const fifth = year + '-0005';
  expect((await browser.visit(location!)).at('main')).toContain(fifth);
  await browser.fill(location!, { subject: 'Barn of the farm' });
  expect((await browser.visit('/quotes/?q=0005')).at('tbody')).toContain(fifth);

  await browser.visit(location!);
  await browser.submit(location! + 'delete/');
  expect((await client.post('/quotes', sent('Roof'))).body.number).toBe(year + '-0006');
  const exported = await runInContext({ tenantId }, () =>
    Array.fromAsync(atrium.app.get(ExportParts).all().find(({ name }) => name === 'quotes')!.rows()),
  );
  expect(exported.map((row) => row.number)).toEqual(expect.arrayContaining([...numbers, fifth]));
  const staff = await atrium.people.staff('sue@atrium.test');
  expect((await staff.browser.visit('/admin/quotes/')).at('tbody')).toContain(year + '-0006');
});

test('a member is chosen by name, stays when they leave, and is nobody of another organisation', async () => {
  const { browser } = await atrium.people.adminOf('Initech', 'ida@initech.test');
  const bob = await idOf(await atrium.people.memberOf('Initech', 'bob@initech.test'));
  const hans = await idOf(await atrium.people.adminOf('Hooli', 'hans@hooli.test'));
  const offered = async (field: string, path: string) =>
    (await browser.visit(path)).document
      .querySelectorAll('[name="' + field + '"] option')
      .map((each) => each.textContent);
  expect(await offered('owner_id', '/quotes/new/')).toEqual(['Nobody', 'Bob', 'Ida']);
  const { location } = await browser.submit('/quotes/new/', { ...typed('Roof'), owner_id: bob });
  expect((await browser.visit('/settings/activity/')).at('main')).toMatch(/Owner[^.]*after: Bob/);
  await browser.fill('/venues/new/', { ...typedVenue('Hall'), owner_id: bob });
  expect((await browser.visit('/venues/')).at('tbody')).toContain('Bob');

  const client = atrium.api().showing(await atrium.people.keyOf('Initech', SCOPES));
  const path = '/quotes/' + location!.split('/')[2];
  const refused = async (id: string) => {
    const answer = await client.send('PATCH', path, { owner_id: id }, { 'accept-language': 'nl' });
    const [{ pointer, detail }] = answer.body.errors;
    expect([answer.status, pointer, detail]).toEqual([422, '/owner_id', expect.stringMatching(/geen actief lid/)]);
  };
  await refused(hans);
  await refused('nobody');

  await atrium.sql('UPDATE user_profile SET is_active = false WHERE id = $1', [bob]);
  expect((await browser.fill(location!, { subject: 'Green roof' })).status).toBe(303);
  expect(await offered('owner_id', location!)).toContain('Bob');
  expect(await offered('owner_id', '/quotes/new/')).not.toContain('Bob');
  expect((await client.get(path)).body.owner_id).toBe(bob);
  expect((await client.send('PATCH', path, { owner_id: null })).body.owner_id).toBeNull();
  await refused(bob);
});

test('a row belongs to one of another module, whose page lists it and leads to a new one', async () => {
  const uma = await atrium.people.adminOf('Umbrella', 'uma@umbrella.test');
  const wes = await atrium.people.adminOf('Wayne', 'wes@wayne.test');
  const venue = async ({ browser }: typeof uma, name: string) =>
    (await browser.fill('/venues/new/', typedVenue(name))).location!.split('/')[2]!;
  const [hall, cave] = [await venue(uma, 'Hall'), await venue(wes, 'Cave')];
  const { browser } = uma;
  const page = '/venues/' + hall + '/';
  const shown = await browser.visit(page);
  expect(shown.at('main')).toContain('Nothing yet');
  const link = shown.document.querySelector('a[href^="/quotes/new/"]')!.getAttribute('href')!;
  expect((await browser.visit(link)).value('venue_id')).toBe(hall);
  const { location } = await browser.submit('/quotes/new/', { ...typed('Roof'), venue_id: hall });
  expect((await browser.visit(page)).at('main')).toContain('Roof');
  expect((await browser.visit('/settings/activity/')).at('main')).toMatch(/Venue[^.]*after: Hall/);
  const wrong = await browser.fill('/quotes/new/', { ...typed('Barn'), venue_id: cave });
  expect([wrong.status, wrong.at('#venue_id-error')]).toEqual([422, expect.stringMatching(/Nothing was found/)]);

  await browser.visit(page);
  await browser.submit(page + 'delete/');
  expect((await browser.fill(location!, { subject: 'Green roof' })).status).toBe(303);
  expect((await browser.visit(location!)).at('[name="venue_id"]')).toContain('Hall');
  const anew = await browser.fill('/quotes/new/', { ...typed('Barn'), venue_id: hall });
  expect(anew.status).toBe(422);
});

test('files name members and other rows, and are read so', async () => {
  const { browser } = await atrium.people.adminOf('Stark', 'tony@stark.test');
  await browser.fill('/venues/new/', typedVenue('Hall'));
  const lines = ['Subject,Owner,Venue,Total,Country', 'Roof,TONY@stark.test,hall,"12,50",NL', 'Barn,Tony,Cave,1,NL'];
  const bytes = Buffer.from(lines.join('\\n'));
  await browser.visit('/quotes/import/');
  const preview = await browser.upload('/quotes/import/', { field: 'file', name: 'q.csv', bytes, type: 'text/csv' });
  expect(preview.at('[aria-labelledby="problems-title"] tbody')).toMatch(/^3 ?Venue ?Nothing was found/);
  await browser.submit('/quotes/import/confirm/');
  const { text } = (await browser.visit('/quotes/export.csv')).response;
  const [header, row] = text.split('\\r\\n');
  expect(header).toContain('"Number","Subject"');
  expect(row).toMatch(/^"\\d{4}-0001","Roof",.*"NL","Tony","Hall",.*"12.50"/);
});

async function idOf({ userId }: { userId: string }): Promise<string> {
  const text = 'SELECT id FROM user_profile WHERE user_id = $1';
  return (await atrium.sql<{ id: string }>(text, [userId]))[0]!.id;
}

const SCOPES = ['quotes:read', 'quotes:write'];
`,
  );
  for (const [path, text] of Object.entries(GENERATED_TESTS)) copy.write(path, text);
  await copy.test(
    'test/quotes',
    'test/purchase-orders',
    'test/venues',
    'test/architecture/drift',
    'test/isolation/tables',
  );
}, 300_000);

test('pages that were generated have nothing that axe finds, in three languages and both themes', async () => {
  for (const pages of ['/quotes/', '/purchase-orders/']) {
    process.env.ATRIUM_TEST_PAGES = pages;
    await copy.test('test/browser/accessibility', '-t', 'axe finds nothing');
  }
  delete process.env.ATRIUM_TEST_PAGES;
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
    {
      path: 'src/quotes/quotes.feature.ts',
      from: /\n {2}tables: \{[\s\S]*?\n {2}\},/,
      to: '',
      file: 'test/architecture/tables',
      // Nothing starts, the application neither.
      fails: 'Jest: Got error running globalSetup',
      says: /quotes\.feature\.ts: subjects\.quote is no table of organisations: write tables\.quote/,
    },
  ];
  // What fails below fails for what is taken out.
  await copy.test(...mutations.map(({ file }) => file));
  for (const { path, from, to, file, fails, says } of mutations) {
    const before = copy.read(path);
    copy.edit(path, from, to);
    const said = await copy.failing(file);
    expect(said).toContain(fails);
    expect(said).toMatch(says);
    copy.write(path, before);
  }
}, 600_000);
