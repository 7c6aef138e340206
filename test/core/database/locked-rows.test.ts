import { runInContext } from '../../../src/core/context/request-context.js';
import { rememberLocked, saveLocked } from '../../../src/core/database/locked-rows.js';
import { UnitOfWork } from '../../../src/core/database/unit-of-work.js';
import { UserProfile } from '../../../src/users/user-profile.entity.js';
import { startApp, type TestApp } from '../../support/app.js';
import type { Person } from '../../support/people.js';
import { RoundTrips } from '../../support/round-trips.js';

let atrium: TestApp;
let unitOfWork: UnitOfWork;
let anna: Person;
const counter = new RoundTrips();

beforeAll(async () => {
  atrium = await startApp({ ROLE: 'web' });
  unitOfWork = atrium.app.get(UnitOfWork);
  anna = await atrium.people.adminOf('Acme', 'anna@acme.test');
  counter.begin(atrium.server);
});
afterAll(async () => {
  counter.end();
  await atrium.stop();
});

const asAnna = <T>(work: () => Promise<T>) =>
  runInContext({ tenantId: anna.tenantId, actorId: anna.userId }, () => unitOfWork.run(work));

async function locked(): Promise<UserProfile> {
  const { manager } = unitOfWork;
  const lock = { mode: 'for_no_key_update' } as const;
  const where = { id: anna.profileId };
  return rememberLocked(manager, await manager.findOneOrFail(UserProfile, { where, lock }));
}

/** Changes the locked row and saves it; returns the statements that were sent for it. */
async function changing(change: (profile: UserProfile) => void): Promise<string[]> {
  const trips = await counter.of(() =>
    asAnna(async () => {
      const profile = await locked();
      change(profile);
      await saveLocked(unitOfWork.manager, profile);
    }),
  );
  return trips.flat().filter((text) => text !== 'COMMIT');
}

const stored = async () =>
  (
    await atrium.sql('SELECT display_name AS name, version FROM user_profile WHERE id = $1', [
      anna.profileId,
    ])
  )[0];

test('a locked row is saved by one statement that writes what has changed, and counts its version', async () => {
  const sent = await changing((profile) => (profile.displayName = 'Anna Claes'));
  expect(sent).toHaveLength(2);
  expect(sent[0]).toContain('FOR NO KEY UPDATE');
  expect(sent[1]).toMatch(
    /^UPDATE "user_profile" SET "display_name" = \$1, "version" = "version" \+ 1/,
  );
  expect(sent[1]).not.toContain('$3');
  expect(await stored()).toEqual({ name: 'Anna Claes', version: 2 });
});

test('one that was not changed is not written', async () => {
  const sent = await changing((profile) => (profile.displayName = 'Anna Claes'));
  expect(sent).toHaveLength(1);
  expect(await stored()).toEqual({ name: 'Anna Claes', version: 2 });
});

test('one that is saved twice has the version of the second time', async () => {
  const versions = await asAnna(async () => {
    const profile = await locked();
    const seen: number[] = [];
    for (const name of ['Once', 'Twice']) {
      profile.displayName = name;
      await saveLocked(unitOfWork.manager, profile);
      seen.push(profile.version);
    }
    return seen;
  });
  expect(versions).toEqual([3, 4]);
  expect(await stored()).toEqual({ name: 'Twice', version: 4 });
});

test('what is as it was is not written, whatever object holds it; what is not is, though the object is the same', async () => {
  const day = new Date('2026-11-01T08:00:00Z');
  await changing((profile) => (profile.profileCompletedAt = day));
  const same = await changing((profile) => (profile.profileCompletedAt = new Date(day)));
  expect(same).toHaveLength(1);
  const moved = await changing((profile) => profile.profileCompletedAt!.setFullYear(2025));
  expect(moved[1]).toMatch(/^UPDATE "user_profile" SET "profile_completed_at" = \$1/);
});

test('one whose saving was undone is saved again, and one of another unit of work is read before', async () => {
  const sent = await counter.of(() =>
    asAnna(async () => {
      const profile = await locked();
      profile.displayName = 'Undone';
      await unitOfWork
        .attempt(async () => {
          await saveLocked(unitOfWork.manager, profile);
          throw new Error('no');
        })
        .catch(() => undefined);
      await saveLocked(unitOfWork.manager, profile);
    }),
  );
  expect(sent.flat().filter((text) => text.startsWith('UPDATE'))).toHaveLength(2);
  expect(await stored()).toMatchObject({ name: 'Undone' });
  const kept = await asAnna(locked);
  kept.displayName = 'Later';
  const later = await counter.of(() => asAnna(() => saveLocked(unitOfWork.manager, kept)));
  expect(later.flat()[0]).toMatch(/^SELECT/);
});
