/** A test of generated modules: people read and choose the values of each kind of field by their names. */
export const KINDS_TEST = `import { runInContext } from '../../src/core/context/request-context.js';
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
  await browser.fill(location! + 'edit/', { subject: 'Barn of the farm' });
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
  expect((await browser.fill(location! + 'edit/', { subject: 'Green roof' })).status).toBe(303);
  expect(await offered('owner_id', location! + 'edit/')).toContain('Bob');
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
  expect((await browser.fill(location! + 'edit/', { subject: 'Green roof' })).status).toBe(303);
  expect((await browser.visit(location! + 'edit/')).at('[name="venue_id"]')).toContain('Hall');
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

test('the list changes a choice in place with an undo, and adds up amounts', async () => {
  const { browser } = await atrium.people.adminOf('Cyberdyne', 'miles@cyberdyne.test');
  const { location } = await browser.fill('/quotes/new/', { ...typed('Roof'), status: 'draft' });
  await browser.visit('/quotes/');
  await browser.submit(location! + 'set/', { status: 'sent' });
  expect((await browser.visit('/quotes/')).at('tbody tr')).toContain('Sent');
  expect((await browser.submit(location! + 'undo/')).status).toBe(303);
  const undone = await browser.visit('/quotes/');
  expect([undone.at('tbody tr'), undone.at('tfoot')]).toEqual([expect.stringContaining('Draft'), '1 quote']);
  const { browser: reader } = await atrium.people.memberOf('Cyberdyne', 'sarah@cyberdyne.test');
  expect((await reader.visit('/quotes/')).document.querySelector('[popover]')).toBeNull();
  expect((await reader.post(location! + 'set/', { status: 'sent' })).status).toBe(403);

  for (const [name, budget] of [['Hall', '1250.50'], ['Cave', '0.25']] as const) {
    await browser.fill('/venues/new/', { ...typedVenue(name), budget });
  }
  expect((await browser.visit('/venues/')).at('tfoot')).toMatch(/^2 venues ?€1,250\\.75$/);
  expect((await browser.visit('/venues/?q=cave')).at('tfoot')).toMatch(/^1 venue ?€0\\.25$/);
});

test('a list of more than 10,000 rows says so, and leaves sums out', async () => {
  const { browser } = await atrium.people.adminOf('Large', 'large@large.test');
  const { location } = await browser.fill('/venues/new/', { ...typedVenue('Hall'), budget: '1' });
  const id = location!.split('/')[2]!;
  await atrium.sql(
    \`INSERT INTO venue SELECT more.* FROM venue v, generate_series(1, 10000) n, jsonb_populate_record(v,
       jsonb_build_object('id', gen_random_uuid(), 'name', 'Hall ' || n, 'contact_email', n || '@hall.test')) more
     WHERE v.id = $1\`,
    [id],
  );
  expect((await browser.visit('/venues/')).at('tfoot')).toBe('10,000+ venues');
  expect((await browser.visit('/venues/?q=hall+9999')).at('tfoot')).toMatch(/^1 venue ?€1\\.00$/);
});

async function idOf({ userId }: { userId: string }): Promise<string> {
  const text = 'SELECT id FROM user_profile WHERE user_id = $1';
  return (await atrium.sql<{ id: string }>(text, [userId]))[0]!.id;
}

const SCOPES = ['quotes:read', 'quotes:write'];
`;
