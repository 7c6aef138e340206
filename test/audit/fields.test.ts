import { runInContext } from '../../src/core/context/request-context.js';
import { UnitOfWork } from '../../src/core/database/unit-of-work.js';
import type { AuditChanges } from '../../src/audit/audit-entry.entity.js';
import { AuditTrail } from '../../src/audit/audit-trail.service.js';
import { startApp, type TestApp } from '../support/app.js';

let atrium: TestApp;
let acme: string;
beforeAll(async () => {
  atrium = await startApp({ ROLE: 'web' });
  acme = await atrium.people.tenant('Acme');
});
afterAll(() => atrium.stop());
beforeEach(() => atrium.sql('TRUNCATE audit_entry, audit_head'));

async function record(changes: AuditChanges, name = 'Roof'): Promise<Record<string, unknown>> {
  const subject = { kind: 'tenant', id: null, name };
  await runInContext({ tenantId: acme }, () =>
    atrium.app
      .get(UnitOfWork)
      .run(() => atrium.app.get(AuditTrail).record({ action: 'tenant.updated', subject, changes })),
  );
  const [entry] = await atrium.sql('SELECT subject_name, changes FROM audit_entry');
  return entry!;
}

test('an undeclared field is refused, naming the file and key to add', async () => {
  await expect(record({ customerName: { from: null, to: 'Nele' } })).rejects.toThrow(
    '"tenant.updated" records "customer_name": say how in audit.fields of its feature (src/<feature>/<feature>.feature.ts), and in i18n/*/audit.json (audit.fields.customer_name) what it is called',
  );
});

test('in production an undeclared field is recorded without its values', async () => {
  const { config } = atrium;
  const { NODE_ENV } = config;
  config.NODE_ENV = 'production';
  try {
    const entry = await record({ customerName: { from: null, to: 'Nele' } });
    expect(entry.changes).toEqual({ customer_name: { from: null, to: '…' } });
  } finally {
    config.NODE_ENV = NODE_ENV;
  }
});

test('personal data is masked, and only once', async () => {
  const email = { from: 'nele@acme.example', to: 'n…@acme.example' };
  const { changes } = await record({ email, displayName: { from: 'Nele', to: 'N…' } });
  expect(changes).toEqual({
    email: { from: 'n…@acme.example', to: 'n…@acme.example' },
    display_name: { from: 'N…', to: 'N…' },
  });
});

test('an e-mail address is never recorded whole, whatever the field is called', async () => {
  const name = { from: 'nele@acme.example', to: 'Roof @ Acme' };
  expect(await record({ name }, 'nele@acme.example')).toEqual({
    subject_name: 'n…@acme.example',
    changes: { name: { from: 'n…@acme.example', to: 'Roof @ Acme' } },
  });
});
