import { runInContext } from '../../src/core/context/request-context.js';
import { UnitOfWork } from '../../src/core/database/unit-of-work.js';
import { AuditTrail, type AuditRecord } from '../../src/audit/audit-trail.service.js';
import { startApp, type TestApp } from '../support/app.js';
import { ENGINE } from '../support/database.js';
import { PASSWORD } from '../support/people.js';
import { inTime } from '../support/waiting.js';

// The embedded engine does one transaction after the other, whatever they touch.
const onServer = ENGINE === 'server' ? describe : describe.skip;

let atrium: TestApp;
let unitOfWork: UnitOfWork;
beforeAll(async () => {
  atrium = await startApp({ ROLE: 'web' });
  unitOfWork = atrium.app.get(UnitOfWork);
});
afterAll(() => atrium.stop());

/** Writes an entry in a transaction that stays open until `work` has ended. */
async function whileOpen(record: AuditRecord, work: () => Promise<void>): Promise<void> {
  const trail = atrium.app.get(AuditTrail);
  await runInContext({}, () =>
    unitOfWork.run(async () => {
      await trail.record({ tenantId: null, ...record });
      // The entry travels with the next statement.
      await unitOfWork.query('SELECT 1');
      await inTime(8, work());
    }),
  );
}

onServer('while the entry of one is not committed yet, others do not wait:', () => {
  const user = { kind: 'user', id: null, name: 'n…@x.example' };

  test('registrations', async () => {
    await whileOpen({ action: 'account.created', subject: user }, async () => {
      for (let n = 0; n < 3; n++) {
        const sight = await atrium
          .browser()
          .fill('/register/', { email: `new${n}@x.example`, password: PASSWORD });
        expect(sight.status).toBe(303);
      }
    });
  });

  test('sign-ins that fail', async () => {
    await whileOpen({ action: 'sign_in.failed', subject: user }, async () => {
      for (let n = 0; n < 3; n++) {
        const sight = await atrium
          .browser()
          .fill('/login/', { email: `none${n}@x.example`, password: PASSWORD });
        expect(sight.status).toBe(422);
      }
    });
  });

  test('and both together leave an unbroken trail', async () => {
    expect(await atrium.app.get(AuditTrail).verify()).toMatchObject({ broken: [] });
    const chains = await atrium.sql('SELECT DISTINCT chain FROM audit_entry');
    expect(chains).toHaveLength(4);
  });

  test('sign-ins that fail of people of other organisations', async () => {
    const bert = await atrium.people.adminOf('Acme', 'bert@acme.example');
    await atrium.people.adminOf('Globex', 'cleo@globex.example');
    const subject = { kind: 'user', id: bert.userId, name: 'b…@acme.example' };
    const { tenantId } = bert;
    await whileOpen({ action: 'sign_in.failed', subject, tenantId }, async () => {
      const wrong = { email: 'cleo@globex.example', password: 'not this one' };
      expect((await atrium.browser().fill('/login/', wrong)).status).toBe(422);
    });
  });
});

test('concurrent registrations and failed sign-ins leave an unbroken trail', async () => {
  const before = (await atrium.app.get(AuditTrail).verify()).entries;
  await Promise.all([
    atrium.browser().fill('/register/', { email: 'a@x.example', password: PASSWORD }),
    atrium.browser().fill('/register/', { email: 'b@x.example', password: PASSWORD }),
    atrium.browser().fill('/login/', { email: 'c@x.example', password: PASSWORD }),
    atrium.browser().fill('/login/', { email: 'd@x.example', password: PASSWORD }),
  ]);
  const { entries, broken } = await atrium.app.get(AuditTrail).verify();
  expect([entries - before, broken]).toEqual([4, []]);
});
