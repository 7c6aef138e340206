import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type { Principal, Role } from '../../src/core/context/principal.js';
import { runInContext } from '../../src/core/context/request-context.js';
import { DomainError } from '../../src/core/errors/domain-error.js';
import { newApiKey } from '../../src/api-keys/api-key-secret.js';
import { TenantAdministration } from '../../src/tenants/tenant-administration.service.js';
import { AcceptanceService } from '../../src/members/invitations/acceptance.service.js';
import { AccountService } from '../../src/profile/account.service.js';
import { InvitationsService } from '../../src/members/invitations/invitations.service.js';
import { MemberAdministration } from '../../src/members/administration/member-administration.service.js';
import { MembersService } from '../../src/members/members.service.js';
import { MembershipsService } from '../../src/members/memberships.service.js';
import { UserAdministration } from '../../src/members/administration/user-administration.service.js';
import { newToken } from '../../src/users/access-tokens/tokens.js';
import { startApp, type TestApp } from '../support/app.js';
import { PASSWORD, type Person } from '../support/people.js';

/**
 * Model-based test: after every random sequence of actions, an open organisation has an active admin with an
 * open account, and a closed one gives no access. Checked in the database after each step. `ADMINS_SEED`
 * repeats a run, `ADMINS_SEQUENCES` lengthens it.
 */
const SEQUENCES = Number(process.env.ADMINS_SEQUENCES ?? 500);
const SEED = Number(process.env.ADMINS_SEED ?? Date.now() % 2 ** 31);

/** People of one organisation; the first one founds it. */
const PEOPLE = 4;

interface Somebody {
  userId: string;
  profileId: string;
  email: string;
}

let atrium: TestApp;
let root: Person;
let closed = 0;
let done = new Map<string, number>();

beforeAll(async () => {
  // Mail jobs are stored and not delivered here.
  atrium = await startApp({ ROLE: 'web' });
  root = await atrium.people.staff('root@atrium.test', true);
});
afterAll(() => atrium.stop());

/** Acts of the people themselves, of staff, and of somebody with SQL: by a person, on another. */
const ACTS = {
  invite: (world, by, on) => world.invite(by, on, 'member'),
  invite_admin: (world, by, on) => world.invite(by, on, 'admin'),
  accept: (world, by) => world.accept(by),
  promote: (world, by, on) =>
    world.as(by, (me) => atrium.app.get(MembersService).setRole(me, on.profileId, 'admin')),
  demote: (world, by, on) =>
    world.as(by, (me) => atrium.app.get(MembersService).setRole(me, on.profileId, 'member')),
  deactivate: (world, by, on) =>
    world.as(by, (me) => atrium.app.get(MembersService).deactivate(me, on.profileId)),
  reengage: (world, by, on) =>
    world.as(by, (me) => atrium.app.get(MembersService).reengage(me, on.profileId)),
  close_account: (world, by) =>
    world.as(by, (me) => atrium.app.get(AccountService).deactivate(me, PASSWORD)),
  staff_closes_account: (world, _, on) =>
    world.asStaff((me) => atrium.app.get(UserAdministration).deactivate(me, on.userId)),
  staff_opens_account: (world, _, on) =>
    world.asStaff((me) => atrium.app.get(UserAdministration).restore(me, on.userId)),
  staff_deactivates: (world, _, on) =>
    world.asStaff((me) => atrium.app.get(MemberAdministration).deactivate(me, on.profileId)),
  staff_demotes: (world, _, on) => world.asStaff((me) => world.setRole(me, on, 'member')),
  staff_promotes: (world, _, on) => world.asStaff((me) => world.setRole(me, on, 'admin')),
  staff_suspends: (world) =>
    world.asStaff((me) => atrium.app.get(TenantAdministration).deactivate(me, world.tenantId)),
  staff_restores: (world) =>
    world.asStaff((me) => atrium.app.get(TenantAdministration).restore(me, world.tenantId)),
  make_key: (world) => world.makeKey(),
  sql_closes_account: (_, __, on) =>
    atrium.sql('UPDATE users SET is_active = false WHERE id = $1', [on.userId]),
  sql_demotes: (_, __, on) =>
    atrium.sql(`UPDATE user_profile SET role = 'member' WHERE id = $1 AND role = 'admin'`, [
      on.profileId,
    ]),
} satisfies Record<string, (world: World, by: Somebody, on: Somebody) => Promise<unknown>>;

type Act = keyof typeof ACTS;

/** One organisation and those who may ever belong to it. */
class World {
  tenantId = '';
  private readonly links = new Map<string, string>();
  private readonly joined = new Set<Somebody>();

  private constructor(readonly people: readonly Somebody[]) {}

  /** `roles`: of those who belong to it from the start; none, and the first one founds it. */
  static async with(roles: readonly Role[]): Promise<World> {
    const { tenantId, people } = await strangers(PEOPLE, roles);
    const world = new World(people);
    const [founder] = people;
    if (roles.length === 0) {
      await world.as(founder!, (me) =>
        atrium.app.get(MembershipsService).createOrganisation(me, 'A'),
      );
      const [row] = await atrium.sql<{ id: string }>(
        'SELECT tenant_id AS id FROM user_profile WHERE id = $1',
        [founder!.profileId],
      );
      world.tenantId = row!.id;
    } else {
      world.tenantId = tenantId;
    }
    for (const somebody of people.slice(0, Math.max(1, roles.length))) world.joined.add(somebody);
    return world;
  }

  /** With what the principal of a request would be; whether they may act is for the services to ask. */
  as<T>(who: Somebody, work: (me: Principal) => Promise<T>): Promise<T> {
    const tenantId = this.joined.has(who) ? this.tenantId : null;
    const me = { ...who, tenantId, impersonator: null } as unknown as Principal;
    return runInContext({ tenantId, actorId: who.userId }, () => work(me));
  }

  asStaff<T>(work: (me: Principal) => Promise<T>): Promise<T> {
    const me = { userId: root.userId, isStaff: true, isSuperuser: true } as Principal;
    return runInContext({ actorId: root.userId }, () => work(me));
  }

  setRole(me: Principal, { profileId }: Somebody, role: Role): Promise<void> {
    return atrium.app.get(MemberAdministration).change(me, profileId, { displayName: 'X', role });
  }

  async invite(by: Somebody, on: Somebody, role: Role): Promise<void> {
    const { id } = await this.as(by, (me) =>
      atrium.app.get(InvitationsService).inviteAddress(me, on.email, role),
    );
    const { token, hash } = newToken();
    await atrium.sql('UPDATE invitation SET token_hash = $2 WHERE id = $1', [id, hash]);
    this.links.set(on.userId, token);
  }

  async accept(by: Somebody): Promise<void> {
    const token = this.links.get(by.userId);
    if (!token) throw new DomainError('gone', 'users.errors.invalid_link');
    await this.as(by, (me) => atrium.app.get(AcceptanceService).join(token, me));
    this.joined.add(by);
  }

  async makeKey(): Promise<void> {
    const { prefix, hash } = newApiKey();
    await atrium.sql(
      `INSERT INTO api_key (tenant_id, name, prefix, key_hash, scopes)
       VALUES ($1, $2, $2, $3, ARRAY['tenant:read'])`,
      [this.tenantId, prefix, hash],
    );
  }

  /** Violations of the rule; empty when it holds. */
  async wrongs(): Promise<string[]> {
    const [state] = await atrium.sql<Record<string, boolean>>(HELD, [this.tenantId]);
    if (state!.closed) closed++;
    const { closed: isClosed, admin, key, invitation, session } = state!;
    if (!isClosed) return admin ? [] : ['open without an admin'];
    return Object.entries({ key, invitation, session })
      .filter(([, isLive]) => isLive)
      .map(([what]) => `closed with a live ${what}`);
  }
}

const HELD = `SELECT t.closed_at IS NOT NULL AS closed,
    EXISTS (SELECT FROM user_profile p JOIN users u ON u.id = p.user_id WHERE p.tenant_id = t.id
      AND p.role = 'admin' AND p.is_active AND p.deleted_at IS NULL AND u.is_active
      AND u.deleted_at IS NULL) AS admin,
    EXISTS (SELECT FROM api_key k WHERE k.tenant_id = t.id AND k.revoked_at IS NULL) AS key,
    EXISTS (SELECT FROM invitation i WHERE i.tenant_id = t.id AND i.state = 'pending') AS invitation,
    EXISTS (SELECT FROM session s JOIN user_profile p ON p.user_id = s.user_id
      WHERE p.tenant_id = t.id AND s.ended_at IS NULL) AS session
  FROM tenant t WHERE t.id = $1`;

/** Accounts with a session each, the first of them in an organisation; in one statement, for speed. */
async function strangers(
  count: number,
  roles: readonly Role[],
): Promise<{ tenantId: string; people: Somebody[] }> {
  const tenantId = randomUUID();
  const people = Array.from({ length: count }, () => ({
    userId: randomUUID(),
    profileId: randomUUID(),
    email: `${randomUUID()}@model.test`,
  }));
  await atrium.sql(
    `WITH somebody AS (SELECT * FROM jsonb_to_recordset($1)
         AS s ("userId" uuid, "profileId" uuid, email text, role text)),
       organisation AS (INSERT INTO tenant (id, organization) SELECT $2, 'A' WHERE $3),
       account AS (INSERT INTO users (id, email, password_hash, email_verified_at)
         SELECT "userId", email, (SELECT password_hash FROM users WHERE id = $4), now() FROM somebody),
       seen AS (INSERT INTO session (user_id, kind, token_hash, expires_at)
         SELECT "userId", 'browser', convert_to(email, 'UTF8'), now() + interval '1 day' FROM somebody)
     INSERT INTO user_profile (id, user_id, display_name, profile_completed_at, tenant_id, role,
         tenant_joined_at)
       SELECT "profileId", "userId", 'X', now(), CASE WHEN role IS NOT NULL THEN $2::uuid END, role,
         CASE WHEN role IS NOT NULL THEN now() END FROM somebody`,
    [
      JSON.stringify(people.map((each, at) => ({ ...each, role: roles[at] ?? null }))),
      tenantId,
      roles.length > 0,
      root.userId,
    ],
  );
  return { tenantId, people };
}

const person = fc.nat(PEOPLE - 1);
const act = fc.record({
  act: fc.constantFrom(...(Object.keys(ACTS) as Act[])),
  by: person,
  on: person,
});
/** One act after the other; sometimes two at once. */
const step = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(act) },
  { weight: 1, arbitrary: fc.tuple(act, act) },
);
/** How an organisation begins. */
const start = fc.constantFrom<readonly Role[]>(
  [],
  ['admin'],
  ['admin', 'admin'],
  ['admin', 'member'],
  ['admin', 'admin', 'member'],
);

/** Somebody is invited and accepts: by chance the one hardly ever follows the other. */
const joining = fc
  .record({ act: fc.constantFrom<Act>('invite', 'invite_admin'), by: person, on: person })
  .map(({ act: how, by, on }): { act: Act; by: number; on: number }[][] => [
    [{ act: how, by, on }],
    [{ act: 'accept', by: on, on: by }],
  ]);
const steps = fc
  .array(
    fc.oneof({ weight: 5, arbitrary: step.map((one) => [one]) }, { weight: 1, arbitrary: joining }),
    { minLength: 1, maxLength: 6 },
  )
  .map((parts) => parts.flat());

const sequence = fc.tuple(start, steps);
/** Several organisations live at the same time, each its own life: more is tried in the same time. */
const AT_ONCE = 8;
const sequences = fc.asyncProperty(
  fc.array(sequence, { minLength: AT_ONCE, maxLength: AT_ONCE }),
  async (lives) => {
    await Promise.all(lives.map(([roles, steps]) => run(roles, steps)));
  },
);

async function run(
  roles: readonly Role[],
  steps: ReadonlyArray<ReadonlyArray<{ act: Act; by: number; on: number }>>,
): Promise<void> {
  const world = await World.with(roles);
  for (const acts of steps) {
    const outcomes = await Promise.allSettled(
      acts.map(({ act, by, on }) => ACTS[act](world, world.people[by]!, world.people[on]!)),
    );
    for (const [at, outcome] of outcomes.entries()) {
      if (outcome.status === 'rejected') mustBeARefusal(outcome.reason, acts[at]!.act);
      else done.set(acts[at]!.act, (done.get(acts[at]!.act) ?? 0) + 1);
    }
    expect(await world.wrongs()).toEqual([]);
  }
}

/** Services refuse with a DomainError, SQL with a constraint error; any other error fails the test. */
function mustBeARefusal(error: unknown, act: Act): void {
  const isRule = (error as { code?: string }).code === '23514';
  const isSql = act.startsWith('sql_') || act === 'make_key';
  if (!(isSql ? isRule : error instanceof DomainError)) throw error;
}

test(`an open organisation has an admin, a closed one nothing that opens it (seed ${SEED})`, async () => {
  closed = 0;
  done = new Map();
  await fc.assert(sequences, {
    numRuns: Math.ceil(SEQUENCES / AT_ONCE),
    seed: SEED,
    endOnFailure: true,
  });
  // Asserts that each action occurred.
  expect(Object.keys(ACTS).filter((name) => !done.has(name))).toEqual([]);
  expect(closed).toBeGreaterThan(SEQUENCES / 20);
}, 600_000);

test('without the trigger the same sequences find an organisation without an admin', async () => {
  await atrium.sql('ALTER TABLE user_profile DISABLE TRIGGER keep_an_admin');
  const found = await fc.check(sequences, { numRuns: 25, seed: SEED, endOnFailure: true });
  await atrium.sql('ALTER TABLE user_profile ENABLE TRIGGER keep_an_admin');
  expect(found.failed).toBe(true);
  expect(String(found.errorInstance)).toContain('open without an admin');
}, 120_000);
