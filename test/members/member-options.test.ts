import { runInContext } from '../../src/core/context/request-context.js';
import { UnitOfWork } from '../../src/core/database/unit-of-work.js';
import { MemberOptions } from '../../src/members/member-options.js';
import { startApp, type TestApp } from '../support/app.js';
import type { Person } from '../support/people.js';

let atrium: TestApp;
let anna: Person;
let bob: string;
let gus: string;
beforeAll(async () => {
  atrium = await startApp({ ROLE: 'web' });
  anna = await atrium.people.adminOf('Acme', 'anna@acme.test');
  bob = await idOf(await atrium.people.memberOf('Acme', 'bob@acme.test'));
  gus = await idOf(await atrium.people.adminOf('Globex', 'gus@globex.test'));
});
afterAll(() => atrium.stop());

async function idOf({ userId }: Person): Promise<string> {
  const text = 'SELECT id FROM user_profile WHERE user_id = $1';
  return (await atrium.sql<{ id: string }>(text, [userId]))[0]!.id;
}

/** As a service of Acme asks. */
function asked<T>(ask: (members: MemberOptions) => Promise<T>): Promise<T> {
  const work = () => ask(atrium.app.get(MemberOptions));
  return runInContext({ tenantId: anna.tenantId! }, () => atrium.app.get(UnitOfWork).run(work));
}

const offered = async (chosen?: string) =>
  (await asked((members) => members.offered(chosen))).map(({ label }) => label);

test('active members are offered by name, and nobody of another organisation', async () => {
  expect(await offered()).toEqual(['Anna', 'Bob']);
  expect(await offered(gus)).toEqual(['Anna', 'Bob']);
  expect(await offered('nonsense')).toEqual(['Anna', 'Bob']);
  expect(await asked((members) => members.nameOf(gus))).toBeNull();
  await asked((members) => members.require('owner_id', bob));
  const refusal = {
    kind: 'invalid',
    key: 'members.errors.unknown',
    details: { field: 'owner_id' },
  };
  await expect(asked((members) => members.require('owner_id', gus))).rejects.toMatchObject(refusal);
});

test('a member without access stays where they were chosen, and cannot be chosen anew', async () => {
  await atrium.sql('UPDATE user_profile SET is_active = false WHERE id = $1', [bob]);
  try {
    expect(await offered()).toEqual(['Anna']);
    expect(await offered(bob)).toEqual(['Anna', 'Bob']);
    expect(await asked((members) => members.nameOf(bob))).toBe('Bob');
    await asked((members) => members.require('owner_id', bob, bob));
    await expect(asked((members) => members.require('owner_id', bob))).rejects.toThrow(
      'members.errors.unknown',
    );
  } finally {
    await atrium.sql('UPDATE user_profile SET is_active = true WHERE id = $1', [bob]);
  }
});

test('a member without a name is called by the e-mail address', async () => {
  await atrium.sql('UPDATE user_profile SET display_name = NULL WHERE id = $1', [bob]);
  expect(await offered()).toEqual(['Anna', 'bob@acme.test']);
  expect(await asked((members) => members.nameOf(bob))).toBe('bob@acme.test');
});
