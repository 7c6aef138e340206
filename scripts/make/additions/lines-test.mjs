import { literal } from '../kinds/markup.mjs';

/** Three values by kind: as they are typed, and as a client of the API sends them. */
const VALUES = {
  text: { typed: ["'Tiles'", "'Nails'", "'Beams'"], refused: "'x'.repeat(121)" },
  integer: { typed: ["'1'", "'2'", "'3'"], sent: ['1', '2', '3'], refused: "'twelve'" },
  decimal: { typed: ["'1.5'", "'2.5'", "'3.5'"], refused: "'1.23456'" },
  money: { typed: ["'1.50'", "'2.50'", "'3.50'"], sent: ['150', '250', '350'], refused: "'1.234'" },
  date: { typed: ["'2027-03-01'", "'2027-03-02'", "'2027-03-03'"], refused: "'2027-02-30'" },
  time: { typed: ["'08:30'", "'09:30'", "'10:30'"], refused: "'25:00'" },
};

/** What somebody without script does with lines, in the samples of a module. */
export function linesJourney({ plural, many }, { fields }, needs) {
  const line = (index) =>
    fields
      .map(({ name, kind }) => {
        const value = VALUES[kind.name].typed[index];
        return `await page.fill('[name="lines[${index}].${name}"]', ${value});\n`;
      })
      .join('');
  const add = `await page.click('button[name="lines.do"][value="add"]');\n`;
  const [{ name, kind }] = fields;
  const value = VALUES[kind.name].typed[2].slice(1, -1);
  const last = `[name="lines[1].${name}"][value="${value}"]`;
  return {
    name: `'lines of ${many} are added and removed'`,
    initializer: `async ({ ${needs ? 'admin, ' : ''}page, open, send, expectText }) => {
      ${needs ? 'const needs = await needed(admin);\n' : ''}await open(page, '/${plural}/new/');
      ${[0, 1, 2].map(line).join(add).trimEnd()}
      await page.click('button[value="remove:1"]');
      await page.waitForSelector('${last}');
      await send(page, '/${plural}/new/', typed('Bicycle shed'${needs ? ', needs' : ''}));
      await expectText(page, 'has been added');
      await page.click('main a[href$="/edit/"]');
      await page.waitForSelector('${last}');
    }`,
  };
}

/** `test/<module>/lines.test.ts`; `needs`: a row of the module cannot be without others. */
export function linesTest({ plural, table, resource }, { fields }, needs) {
  const line = (index, part) =>
    literal(
      Object.fromEntries(
        fields.map(({ name, kind }) => {
          const { typed, sent = typed } = VALUES[kind.name];
          return [name, { typed, sent }[part][index]];
        }),
      ),
    );
  const three = (part) => [0, 1, 2].map((index) => `  ${line(index, part)},\n`).join('');
  const refused = fields.map(({ name, kind }) => `  ${name}: ${VALUES[kind.name].refused},\n`);
  const more = needs ? ', needs' : '';
  return `import type { ApiClient } from '../support/api.js';
import { startApp, type TestApp } from '../support/app.js';
import type { Person } from '../support/people.js';
import { ${needs ? 'needed, ' : ''}sent, title, typed${needs ? ', type Needs' : ''} } from './${plural}.samples.js';

/** Three lines as they are typed. */
const TYPED = [
${three('typed')}] as const;

/** The same as a client of the API sends them. */
const SENT = [
${three('sent')}] as const;

/** What the form refuses, by field. */
const REFUSED: Record<string, string> = {
${refused.join('')}};

const NEW = '/${plural}/new/';

${needs ? 'let needs: Needs;\n' : ''}let atrium: TestApp;
let anna: Person;
let client: ApiClient;
beforeAll(async () => {
  atrium = await startApp({ ROLE: 'web' });
  anna = await atrium.people.adminOf('Acme', 'anna@acme.test');
${needs ? '  needs = await needed(anna);\n' : ''}  const key = await atrium.people.keyOf('Acme', ['${resource}:read', '${resource}:write']);
  client = atrium.api().showing(key);
});
afterAll(() => atrium.stop());
afterEach(() => atrium.sql('DELETE FROM ${table}'));

/** Lines under the names of their inputs. */
function inputs(lines: ReadonlyArray<Record<string, string>>): Record<string, string> {
  const named = lines.flatMap((line, index) =>
    Object.entries(line).map(([field, value]) => [\`lines[\${index}].\${field}\`, value]),
  );
  return Object.fromEntries(named) as Record<string, string>;
}

/** Adds a row with lines through its form and returns its path. */
async function added(lines: ReadonlyArray<Record<string, string>>): Promise<string> {
  const values = { ...typed('Roof'${more}), ...inputs(lines) };
  const answer = await anna.browser.fill(NEW, values);
  expect([answer.status, answer.at('[role="alert"]')]).toEqual([303, '']);
  return answer.location!;
}

/** What the API answers for a page. */
async function saved(path: string): Promise<unknown> {
  return (await client.get(path.slice(0, -1))).body.lines;
}

test('three lines are entered by adding one after the other, without script', async () => {
  const { browser } = anna;
  await browser.visit(NEW);
  let values = typed('Roof'${more});
  for (const index of TYPED.keys()) {
    values = { ...values, ...inputs(TYPED.slice(0, index + 1)) };
    const more = await browser.submit(NEW, { ...values, 'lines.do': 'add' });
    expect([more.status, more.at('[role="alert"]')]).toEqual([200, '']);
    expect(more.document.querySelectorAll('button[value^="remove:"]').length).toBe(index + 2);
    expect(more.form(NEW)).toMatchObject(values);
  }
  expect(await atrium.sql('SELECT 1 FROM ${table}')).toEqual([]);
  const { location } = await browser.submit(NEW);
  expect(await saved(location!)).toEqual(SENT);
  const edit = \`\${location!}edit/\`;
  expect((await browser.visit(edit)).form(edit)).toMatchObject(values);
});

test('what is wrong in the second line is told at its input, and nothing typed is lost', async () => {
  for (const [field, value] of Object.entries(REFUSED)) {
    const name = \`lines[1].\${field}\`;
    const values = { ...typed('Roof'${more}), ...inputs(TYPED), [name]: value };
    const answer = await anna.browser.fill(NEW, values);
    expect(answer.status).toBe(422);
    const wrong = answer.document.querySelectorAll('[aria-invalid="true"]');
    expect(wrong.map((each) => each.getAttribute('name'))).toEqual([name]);
    expect(answer.errorOf(name)).not.toBe('');
    expect(answer.form(NEW)).toMatchObject(values);
  }
  expect(await atrium.sql('SELECT 1 FROM ${table}')).toEqual([]);
});

test('a line is removed without script, and is gone when the form is saved', async () => {
  const path = await added(TYPED);
  const edit = \`\${path}edit/\`;
  await anna.browser.visit(edit);
  const fewer = await anna.browser.submit(edit, { 'lines.do': 'remove:1' });
  expect(fewer.status).toBe(200);
  expect(fewer.form(edit)).toMatchObject(inputs([TYPED[0], TYPED[2]]));
  expect(await saved(path)).toEqual(SENT);
  expect((await anna.browser.submit(edit)).status).toBe(303);
  expect(await saved(path)).toEqual([SENT[0], SENT[2]]);
});

test('of two tabs the second is outdated when the first has changed a line', async () => {
  const path = await added([TYPED[0]]);
  const edit = \`\${path}edit/\`;
  const second = (await atrium.people.signedIn('anna@acme.test')).browser;
  await second.visit(edit);
  await anna.browser.fill(edit, inputs([TYPED[1]]));
  const late = await second.submit(edit, inputs([TYPED[2]]));
  expect(late.status).toBe(422);
  expect(late.form(edit)).toMatchObject(inputs([TYPED[2]]));
  expect(await saved(path)).toEqual([SENT[1]]);
});

test('the API answers lines in their order, and a list that is sent takes the place of all', async () => {
  const made = await client.post('/${plural}', { ...sent('Loft'${more}), lines: SENT });
  expect([made.status, made.body.lines]).toEqual([201, SENT]);
  const path = \`/${plural}/\${made.body.id}\`;
  const others = [SENT[2], SENT[0]];
  const tag = { 'if-match': (await client.get(path)).get('etag')! };
  const changed = await client.send('PATCH', path, { lines: others }, tag);
  expect([changed.status, changed.body.lines]).toEqual([200, others]);
  // Other lines are another version of the row.
  expect((await client.send('PATCH', path, { lines: [] }, tag)).status).toBe(412);
  expect((await client.send('PATCH', path, { [title]: 'Attic' })).body.lines).toEqual(others);
  expect((await client.send('PATCH', path, { lines: [] })).body.lines).toEqual([]);
});

test('the API tells what is wrong with a pointer to the line', async () => {
  for (const field of Object.keys(REFUSED)) {
    const lines = [SENT[0], { ...SENT[1], [field]: { no: 'value' } }];
    const { status, body } = await client.post('/${plural}', { ...sent('Loft'${more}), lines });
    expect([status, body.errors]).toMatchObject([422, [{ pointer: \`/lines/1/\${field}\` }]]);
  }
});

test('100 lines are saved, and one more is refused', async () => {
  const many = Array.from({ length: 101 }, () => TYPED[0]);
  const path = await added(many.slice(1));
  expect(await saved(path)).toHaveLength(100);
  const answer = await anna.browser.fill(NEW, { ...typed('Barn'${more}), ...inputs(many) });
  expect([answer.status, answer.at('#lines-error')]).toEqual([422, 'Use at most 100 lines.']);
  const lines = many.map(() => SENT[0]);
  const { status, body } = await client.post('/${plural}', { ...sent('Barn'${more}), lines });
  expect([status, body.errors]).toMatchObject([422, [{ pointer: '/lines' }]]);
});
`;
}
