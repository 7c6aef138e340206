import type { Principal } from '../../src/core/context/principal.js';
import { runInContext } from '../../src/core/context/request-context.js';
import { UnitOfWork } from '../../src/core/database/unit-of-work.js';
import { MembersService } from '../../src/members/members.service.js';
import { startApp, type TestApp } from '../support/app.js';
import type { Person } from '../support/people.js';

let atrium: TestApp;
let members: MembersService;
let unitOfWork: UnitOfWork;
let anna: Person;
let bea: Person;

beforeAll(async () => {
  atrium = await startApp();
  members = atrium.app.get(MembersService);
  unitOfWork = atrium.app.get(UnitOfWork);
  anna = await atrium.people.adminOf('Acme', 'anna@acme.test');
  bea = await atrium.people.adminOf('Acme', 'bea@acme.test');
  for (let at = 0; at < 3; at++) await atrium.people.memberOf('Acme', `m${at}@acme.test`);
});
afterAll(() => atrium.stop());

const scope = (person: Person) => ({ tenantId: person.tenantId, actorId: person.userId });

/** What the service knows of who acts. */
const me = ({ userId, profileId }: Person) => ({ userId, profileId }) as Principal;

const by = (person: Person, work: () => Promise<unknown>) => runInContext(scope(person), work);

async function admins(): Promise<number> {
  const [row] = await atrium.sql<{ count: number }>(
    `SELECT count(*)::int AS count FROM user_profile WHERE tenant_id = $1 AND role = 'admin' AND is_active`,
    [anna.tenantId],
  );
  return row!.count;
}

const restore = () =>
  atrium.sql(
    `UPDATE user_profile SET role = 'admin', is_active = true, tenant_revoked_at = NULL WHERE id = ANY($1)`,
    [[anna.profileId, bea.profileId]],
  );

test('two admins who demote or deactivate each other at once leave one admin, 200 times of 200', async () => {
  const left: number[] = [];
  let refused = 0;
  for (let turn = 0; turn < 200; turn++) {
    const take = (from: Person, to: Person) => () =>
      turn % 2 === 0
        ? members.setRole(me(from), to.profileId, 'member')
        : members.deactivate(me(from), to.profileId);
    const outcomes = await Promise.allSettled([
      by(anna, take(anna, bea)),
      by(bea, take(bea, anna)),
    ]);
    refused += outcomes.filter(({ status }) => status === 'rejected').length;
    left.push(await admins());
    await restore();
  }
  expect(left).toEqual(Array.from({ length: 200 }, () => 1));
  expect(refused).toBe(200);
}, 60_000);

test('raw SQL of two at once cannot leave an organisation without an admin either', async () => {
  const demote = (from: Person, to: Person) =>
    by(from, () =>
      unitOfWork.run(() =>
        unitOfWork.execute(`UPDATE user_profile SET role = 'member' WHERE id = $1`, [to.profileId]),
      ),
    );
  for (let turn = 0; turn < 20; turn++) {
    const outcomes = await Promise.allSettled([demote(anna, bea), demote(bea, anna)]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await admins()).toBe(1);
    await restore();
  }
});

test.each([
  `UPDATE user_profile SET role = 'member' WHERE tenant_id = $1`,
  `UPDATE user_profile SET is_active = false WHERE tenant_id = $1`,
  `UPDATE user_profile SET deleted_at = now() WHERE tenant_id = $1`,
])('not even the owner takes the last admin away: %s', async (statement) => {
  await expect(atrium.sql(statement, [anna.tenantId])).rejects.toThrow('at least one active admin');
  expect(await admins()).toBe(2);
});

test('one admin may hand over to another in one transaction', async () => {
  await atrium.sql(
    `UPDATE user_profile SET role = CASE WHEN id = $1 THEN 'member' ELSE 'admin' END
     WHERE id IN ($1, $2)`,
    [anna.profileId, bea.profileId],
  );
  expect(await admins()).toBe(1);
  await restore();
});

test('who was demoted a moment ago decides nothing any more', async () => {
  await by(anna, () => members.setRole(me(anna), bea.profileId, 'member'));
  await expect(by(bea, () => members.deactivate(me(bea), anna.profileId))).rejects.toMatchObject({
    kind: 'forbidden',
  });
  await restore();
});

test('a deactivation that fails at the end ends no session', async () => {
  const before = await atrium.sql('SELECT id FROM session WHERE ended_at IS NULL ORDER BY id');
  await by(anna, () =>
    unitOfWork.run(async () => {
      await members.deactivate(me(anna), bea.profileId);
      throw new Error('on purpose');
    }),
  ).catch(() => undefined);
  expect(await atrium.sql('SELECT id FROM session WHERE ended_at IS NULL ORDER BY id')).toEqual(
    before,
  );
  expect(await admins()).toBe(2);
});
