import { KINDS_TEST } from './generated-kinds.js';

/** Tests of generated modules, by their file: what the tests that they bring do not look at. */
export const GENERATED_TESTS: Readonly<Record<string, string>> = {
  'test/quotes/kinds.test.ts': KINDS_TEST,
  'test/trainings/sample-data.test.ts': `import { startApp, type TestApp } from '../support/app.js';

let atrium: TestApp;
beforeAll(async () => void (atrium = await startApp({ ROLE: 'web' })));
afterAll(() => atrium.stop());

test('sample data holds rows of each module that can have some, parents and children, and goes again', async () => {
  const { browser, profileId } = await atrium.people.adminOf('Acme', 'anna@acme.test');
  browser.with('Accept-Language', 'nl');
  await browser.press('/sample-data/');
  const rows = await atrium.sql<Record<string, unknown>>('SELECT t.*, country FROM training t ORDER BY held_on');
  expect(rows).toHaveLength(5);
  expect(rows[0]).toMatchObject({ topic: 'Training: voorbeeld 1', status: 'planned', trainer_id: profileId, country: 'BE' });
  expect(await atrium.sql('SELECT FROM lesson JOIN training t ON t.id = training_id')).toHaveLength(5);
  expect((await browser.visit('/lessons/')).at('tbody')).toContain('Training: voorbeeld 1');
  // A number would be missing afterwards.
  expect(await atrium.sql('SELECT FROM quote')).toEqual([]);
  await atrium.sql("UPDATE lesson SET title = 'Ours' WHERE title = 'Lesson: voorbeeld 3'");
  await browser.visit('/sample-data/');
  await browser.submit('/sample-data/remove/');
  expect(await atrium.sql('SELECT title, topic FROM lesson JOIN training t ON t.id = training_id')).toEqual([
    { title: 'Ours', topic: 'Training: voorbeeld 3' },
  ]);
  expect(await atrium.sql('SELECT FROM training')).toHaveLength(1);
});
`,
  'test/purchase-orders/required-rows.test.ts': `import type { ApiClient } from '../support/api.js';
import { startApp, type TestApp } from '../support/app.js';
import type { Person } from '../support/people.js';
import { added as addedVenue } from '../venues/venues.samples.js';
import { sent, typed } from './purchase-orders.samples.js';

let atrium: TestApp;
let anna: Person;
let bob: Person;
let client: ApiClient;
let hall: string;
let needs: { venue_id: string; buyer_id: string };
beforeAll(async () => {
  atrium = await startApp({ ROLE: 'web' });
  anna = await atrium.people.adminOf('Acme', 'anna@acme.test');
  bob = await atrium.people.memberOf('Acme', 'bob@acme.test');
  client = atrium.api().showing(await atrium.people.keyOf('Acme', ['purchase_orders:read', 'purchase_orders:write']));
  hall = await addedVenue(anna, 'Hall');
  needs = { venue_id: hall, buyer_id: bob.profileId };
});
afterAll(() => atrium.stop());

test.each([
  ['en', 'Choose…', 'Fill in this field.'],
  ['nl', 'Kies…', 'Vul dit veld in.'],
  ['fr', 'Choisissez…', 'Remplissez ce champ.'],
])('nothing chosen is told at the field in %s, and nothing typed is lost', async (language, blank, message) => {
  const { browser } = await atrium.people.signedIn('anna@acme.test');
  browser.with('accept-language', language);
  const page = await browser.visit('/purchase-orders/new/');
  expect(page.at('[name="venue_id"] option[value=""]')).toBe(blank);
  for (const field of ['venue_id', 'buyer_id'] as const) {
    const answer = await browser.submit('/purchase-orders/new/', { ...typed('Roof', needs), [field]: '' });
    expect([answer.status, answer.errorOf(field)]).toEqual([422, message]);
    const { [field]: _, ...others } = typed('Roof', needs);
    expect(answer.form('/purchase-orders/new/')).toMatchObject(others);
  }
});

test('a client of the API names both rows, and takes neither back', async () => {
  for (const field of ['venue_id', 'buyer_id'] as const) {
    const { [field]: _, ...others } = sent('Roof', needs);
    const missing = await client.post('/purchase-orders', others);
    expect([missing.status, missing.body.errors[0].pointer]).toEqual([422, '/' + field]);
    const made = await client.post('/purchase-orders', sent('Roof', needs));
    const path = '/purchase-orders/' + made.body.id;
    for (const nothing of [null, '']) {
      const taken = await client.send('PATCH', path, { [field]: nothing });
      expect([taken.status, taken.body.errors[0].pointer]).toEqual([422, '/' + field]);
    }
    expect((await client.get(path)).body).toMatchObject(needs);
  }
});

test('a file without them is refused, and so is a row of it', async () => {
  const preview = async (text: string) => {
    await anna.browser.visit('/purchase-orders/import/');
    const file = { field: 'file', name: 'r.csv', bytes: Buffer.from(text), type: 'text/csv' };
    return anna.browser.upload('/purchase-orders/import/', file);
  };
  const without = await preview('Subject,Buyer\\nRoof,Bob');
  expect([without.status, without.at('#file-error')]).toEqual([422, expect.stringMatching(/“Venue”/)]);
  const rows = await preview('Subject,Buyer,Venue\\nRoof,Bob,\\nBarn,Bob,Hall');
  expect(rows.at('[aria-labelledby="problems-title"] tbody')).toMatch(/^2 ?Venue ?Fill in this field/);
  expect(rows.at('main')).toContain('1 row is ready to be added');
});

test('a venue that is deleted and a member who leaves stay where they were chosen', async () => {
  const { location } = await anna.browser.fill('/purchase-orders/new/', typed('Roof', needs));
  await anna.browser.visit('/venues/' + hall + '/');
  await anna.browser.submit('/venues/' + hall + '/delete/');
  await atrium.sql('UPDATE user_profile SET is_active = false WHERE id = $1', [bob.profileId]);
  expect((await anna.browser.fill(location! + 'edit/', { subject: 'Green roof' })).status).toBe(303);
  expect((await anna.browser.visit(location! + 'edit/')).form(location! + 'edit/')).toMatchObject(needs);
  const anew = await anna.browser.fill('/purchase-orders/new/', typed('Barn', needs));
  expect(anew.status).toBe(422);
});
`,
  'test/quotes/lines-shown.test.ts': `import type { ApiClient } from '../support/api.js';
import { startApp, type TestApp } from '../support/app.js';
import type { Person } from '../support/people.js';
import { sent, typed } from './quotes.samples.js';

let atrium: TestApp;
let anna: Person;
let client: ApiClient;
beforeAll(async () => {
  atrium = await startApp({ ROLE: 'web' });
  anna = await atrium.people.adminOf('Acme', 'anna@acme.test');
  client = atrium.api().showing(await atrium.people.keyOf('Acme', ['quotes:read', 'quotes:write']));
});
afterAll(() => atrium.stop());
afterEach(() => atrium.sql('DELETE FROM quote'));

/** What is typed into a row of the form. */
const line = (index: number, description: string, quantity: string, price: string) => ({
  ['lines[' + index + '].description']: description,
  ['lines[' + index + '].quantity']: quantity,
  ['lines[' + index + '].unit_price']: price,
});
const stored = () =>
  atrium.sql('SELECT position, description, quantity::text, unit_price::int FROM quote_line ORDER BY quote_id, position');

test('a quote and its lines are added in one form, without script', async () => {
  const { browser } = anna;
  const blank = await browser.visit('/quotes/new/');
  expect(blank.document.querySelectorAll('[role="group"]').length).toBe(1);
  expect(blank.at('[role="group"] button')).toBe('Remove Line 1');
  const more = await browser.submit('/quotes/new/', {
    ...typed('Roof'), ...line(0, 'Tiles', '12,5', '1.10'), 'lines.do': 'add',
  });
  expect([more.status, more.at('[role="alert"]')]).toEqual([200, '']);
  expect(more.document.querySelectorAll('[role="group"]').length).toBe(2);
  expect(more.form('/quotes/new/')).toMatchObject({ ...typed('Roof'), ...line(0, 'Tiles', '12,5', '1.10') });
  expect(await stored()).toEqual([]);
  const { location } = await browser.submit('/quotes/new/', line(1, 'Nails', '100', '0.02'));
  expect(await stored()).toEqual([
    { position: 1, description: 'Tiles', quantity: '12.5', unit_price: 110 },
    { position: 2, description: 'Nails', quantity: '100', unit_price: 2 },
  ]);
  expect((await browser.visit(location!)).at('main')).toMatch(/Tiles.*12\\.5.*Nails/);
  const edit = location! + 'edit/';
  const page = await browser.visit(edit);
  expect(page.form(edit)).toMatchObject({ ...line(0, 'Tiles', '12.5', '1.10'), ...line(1, 'Nails', '100', '0.02') });

  const fewer = await browser.submit(edit, { 'lines.do': 'remove:0' });
  expect([fewer.status, fewer.form(edit)]).toEqual([200, expect.objectContaining(line(0, 'Nails', '100', '0.02'))]);
  expect((await stored()).length).toBe(2);
  expect((await browser.submit(edit)).status).toBe(303);
  expect(await stored()).toEqual([{ position: 1, description: 'Nails', quantity: '100', unit_price: 2 }]);
  expect((await browser.visit('/settings/activity/')).at('main')).toMatch(/changed the quote “Roof”.*Lines/);
});

test('with a hundred lines the form says so, and offers no other one', async () => {
  const many = Object.assign({}, ...Array.from({ length: 99 }, (_, n) => line(n, 'Tile', '1', '1')));
  const full = await anna.browser.fill('/quotes/new/', { ...typed('Roof'), ...many, 'lines.do': 'add' });
  expect(full.document.querySelectorAll('[role="group"]').length).toBe(100);
  expect(full.at('main')).toContain('There are 100 lines, which is the most.');
  expect(full.document.querySelector('[value="add"]')).toBeNull();
});

test('an error is told at its input with the number of the line, and nothing typed is lost', async () => {
  const lines = { ...line(0, 'Tiles', '1', '1'), ...line(3, 'Nails', 'many', '') };
  const answer = await anna.browser.fill('/quotes/new/', { ...typed('Barn'), ...lines });
  expect(answer.status).toBe(422);
  expect(answer.errorOf('lines[1].quantity')).toContain('Enter a number');
  expect(answer.errorOf('lines[1].unit_price')).toBe('Fill in this field.');
  const field = answer.document.querySelector('[name="lines[1].quantity"]')!;
  expect(field.closest('[role="group"]')!.getAttribute('aria-label')).toBe('Line 2');
  expect(answer.form('/quotes/new/')).toMatchObject({ ...line(0, 'Tiles', '1', '1'), ...line(1, 'Nails', 'many', '') });
});

test('what is wrong with a line is told with a pointer to it', async () => {
  const refused = async (lines: unknown) => {
    const { status, body } = await client.post('/quotes', { ...sent('Loft'), lines });
    return [status, body.errors.map(({ pointer }: { pointer: string }) => pointer)];
  };
  const good = { description: 'Tiles', quantity: '2', unit_price: 110 };
  expect(await refused([good, { ...good, quantity: 'x', id: '1' }])).toEqual([422, ['/lines/1/quantity', '/lines/1/id']]);
  expect(await refused([{ description: 'x' }])).toEqual([422, ['/lines/0/quantity', '/lines/0/unit_price']]);
  expect(await refused([good, 'x'])).toEqual([422, ['/lines']]);
  expect(await refused(null)).toEqual([422, ['/lines']]);
});
`,
};
