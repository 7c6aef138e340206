import { fieldDeclaration } from '../../src/audit/audit-fields.js';
import { AuditTrail } from '../../src/audit/audit-trail.service.js';
import { apiScopes, auditFieldOwner, installedFeatures } from '../../src/core/features/registry.js';
import type { AuditAction } from '../../src/core/features/names.js';
import { runInContext } from '../../src/core/context/request-context.js';
import { UnitOfWork } from '../../src/core/database/unit-of-work.js';
import { startApp, type TestApp } from '../support/app.js';
import type { Person } from '../support/people.js';

let atrium: TestApp;
let anna: Person;
beforeAll(async () => {
  atrium = await startApp({ ROLE: 'web' });
  anna = await atrium.people.adminOf('Acme', 'anna@acme.example');
});
afterAll(() => atrium.stop());
beforeEach(() => atrium.sql('TRUNCATE audit_entry, audit_head'));

/** Tables of which nothing is recorded under the name of the column: of billing, it is what the organisation may do. */
const NOT_RECORDED = ['subscription', 'invoice', 'checkout', 'billing_event', 'issued_invoice'];

/** By the name of a field and, after a space, an action of the feature whose field it is. */
type Values = Map<string, Set<unknown>>;

function add(values: Values, field: string, found: readonly unknown[], action = ''): void {
  if (fieldDeclaration(field, action) && found.length > 0) {
    const name = `${field} ${action}`;
    values.set(name, new Set([...(values.get(name) ?? []), ...found]));
  }
}

/** An action of the feature that has the table, where that feature says how it records the field. */
function actionOf(table: string, field: string): string {
  const owner = installedFeatures().find(({ tables = {} }) => table in tables);
  const audit = owner?.audit ?? {};
  const [action = ''] = Object.keys(audit.actions ?? {});
  return Object.hasOwn(audit.fields ?? {}, field) ? action : '';
}

/** Whether one feature alone declares the field: only then a name says whose it is. */
function isOfOne(field: string): boolean {
  const owners = installedFeatures().filter(({ audit }) => field in (audit?.fields ?? {}));
  return owners.length === 1;
}

/** What recorded fields may hold: as the database's checks and columns, the API's document and the scopes say. */
async function enumerated(): Promise<Values> {
  const values: Values = new Map();
  const checks = await atrium.sql<{ table: string; column: string; text: string }>(
    `SELECT c.conrelid::regclass::text AS table, a.attname AS column, pg_get_constraintdef(c.oid) AS text FROM pg_constraint c
     JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)
     WHERE c.contype = 'c' AND pg_get_constraintdef(c.oid) LIKE '%= ANY (%ARRAY[%'
       AND c.conrelid::regclass::text <> ALL ($1)`,
    [NOT_RECORDED],
  );
  for (const { table, column, text } of checks) {
    add(
      values,
      column,
      [...text.matchAll(/'([^']+)'::/g)].map(([, value]) => value),
      actionOf(table, column),
    );
  }
  const flags = await atrium.sql<{ column: string }>(
    `SELECT DISTINCT column_name AS column FROM information_schema.columns
     WHERE table_schema = 'public' AND data_type = 'boolean'`,
  );
  for (const { column } of flags) add(values, column, [true, false]);
  const { text } = await atrium.api().get('/api/openapi.json');
  const { components } = JSON.parse(text) as { components: { schemas: Record<string, Schema> } };
  for (const { properties = {} } of Object.values(components.schemas)) {
    for (const [name, { enum: one, items }] of Object.entries(properties)) {
      if (!isOfOne(name)) continue;
      add(
        values,
        name,
        (one ?? items?.enum ?? []).filter((value) => value !== null),
      );
    }
  }
  add(values, 'scopes', apiScopes());
  for (const [field, table] of Object.entries(CODES)) {
    const rows = await atrium.sql<{ code: string }>(
      `SELECT code FROM ${table} WHERE code IN ('nl', 'fr', 'BE', 'FR', 'EUR', 'USD')`,
    );
    add(
      values,
      field,
      rows.map(({ code }) => code),
    );
  }
  return values;
}

/** Fields that hold codes of reference data. */
const CODES = { language: 'language', country: 'country', currency: 'currency' };

interface Schema {
  properties?: Record<string, { enum?: unknown[]; items?: { enum?: unknown[] } }>;
}

/** What the list of the organisation says became of a field, by value. */
async function words(name: string, values: readonly unknown[], language: string) {
  const [field = '', action] = name.split(' ');
  await anna.browser.visit('/dashboard/');
  await anna.browser.submit('/i18n/setlang/', { language });
  await atrium.sql('TRUNCATE audit_entry, audit_head');
  const subject = { kind: 'tenant', id: null, name: 'Roof' };
  await runInContext({ tenantId: anna.tenantId }, () =>
    atrium.app.get(UnitOfWork).run(async () => {
      for (const to of values) {
        const changes = { [field]: { from: null, to } };
        await atrium.app.get(AuditTrail).record({
          action: (action || 'tenant.updated') as AuditAction,
          subject,
          changes,
        });
      }
    }),
  );
  const seen = await anna.browser.visit('/settings/activity/');
  const told = seen.document.querySelectorAll('main details dl').map((list) => {
    const change = list.querySelector('dd')!;
    const label = change.querySelectorAll('.sr-only').at(-1)!.textContent;
    return change.textContent.split(label).at(-1)!.trim();
  });
  return told.reverse();
}

test('every value that a recorded field may hold has a word, in every language', async () => {
  const values = await enumerated();
  const wrong: string[] = [];
  for (const [field, held] of values) {
    const all = [...held];
    for (const language of ['en', 'nl-be', 'fr-be']) {
      const told = await words(field, all, language);
      expect([field, told.length]).toEqual([field, all.length]);
      for (const [at, word] of told.entries()) {
        if (!word || word === String(all[at])) wrong.push(`${language} ${field}: ${word}`);
      }
    }
  }
  expect(wrong).toEqual([]);
  expect([...values.keys()].map((name) => name.split(' ')[0]).sort()).toEqual(
    expect.arrayContaining(['is_active', 'role', 'scopes', 'theme', 'unit']),
  );
  expect(Object.keys(CODES).every((field) => auditFieldOwner(field))).toBe(true);
}, 120_000);

test('an admin reads what was chosen in words', async () => {
  await anna.browser.visit('/dashboard/');
  await anna.browser.submit('/i18n/setlang/', { language: 'nl-be' });
  const form = { organization: 'Acme', currency: 'EUR', language: 'fr', timezone: '' };
  await anna.browser.fill('/settings/general/', form);
  await anna.browser.post('/theme/set/', { theme: 'night' });
  const seen = await anna.browser.visit('/settings/activity/');
  expect(seen.text).toMatch(/Munteenheid voordien: — nadien: Euro/);
  expect(seen.text).toMatch(/Taal voordien: — nadien: Frans/);
  expect(seen.text).toMatch(/Weergave voordien: Zoals systeem nadien: Donker/);
});

test('an entry about a subject without an id is shown', async () => {
  const invited = { email: 'nele@acme.example', role: 'member' };
  await anna.browser.fill('/settings/users/', invited);
  const subject = { kind: 'flag', id: 'a_flag', name: 'n…@acme.example' };
  await runInContext({ tenantId: anna.tenantId }, () =>
    atrium.app
      .get(UnitOfWork)
      .run(() => atrium.app.get(AuditTrail).record({ action: 'tenant.updated', subject })),
  );
  expect((await anna.browser.visit('/settings/activity/')).status).toBe(200);
  expect((await anna.browser.visit('/dashboard/')).status).toBe(200);
});
