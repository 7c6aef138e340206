import type { PrivilegedRole } from '../../../src/core/database/privileged/privileged-role.js';
import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { runInContext } from '../../../src/core/context/request-context.js';
import { UnitOfWork } from '../../../src/core/database/unit-of-work.js';
import { startApp, type TestApp } from '../../support/app.js';
import { ENGINE } from '../../support/database.js';
import { auditRole } from '../../../src/core/database/privileged/audit.role.js';
import { identityRole } from '../../../src/core/database/privileged/identity.role.js';
import { outboxRole } from '../../../src/core/database/privileged/outbox.role.js';

let atrium: TestApp;
let unitOfWork: UnitOfWork;
let acme: string;
let globex: string;

beforeAll(async () => {
  atrium = await startApp();
  unitOfWork = atrium.app.get(UnitOfWork);
  await atrium.people.adminOf('Acme', 'admin@acme.test');
  await atrium.people.adminOf('Globex', 'admin@globex.test');
  acme = await atrium.people.tenant('Acme');
  globex = await atrium.people.tenant('Globex');
  await atrium.sql(
    `INSERT INTO invitation (tenant_id, email, role, invited_by_id, token_hash, expires_at)
     SELECT p.tenant_id, 'x@example.test', 'member', p.user_id, p.id::text::bytea, now()
     FROM user_profile p WHERE p.tenant_id IS NOT NULL`,
  );
});
afterAll(() => atrium.stop());

/** Plain SQL as the role requests run as. */
function as<T>(
  scope: { tenantId?: string; actorId?: string },
  text: string,
  values: unknown[] = [],
) {
  return runInContext(scope, () => unitOfWork.run(() => unitOfWork.query<T>(text, values)));
}

test('an organisation sees its own people and nobody else', async () => {
  const emails = await as<{ email: string }>({ tenantId: acme }, 'SELECT email FROM users');
  expect(emails).toEqual([{ email: 'admin@acme.test' }]);
});

test("raw SQL cannot read, change, remove or add another organisation's rows", async () => {
  const mine = { tenantId: acme };
  expect(await as(mine, 'SELECT 1 FROM tenant WHERE id = $1', [globex])).toEqual([]);
  expect(
    await as(mine, `UPDATE tenant SET organization = 'mine' WHERE id = $1 RETURNING id`, [globex]),
  ).toEqual([]);
  expect(
    await as(mine, `UPDATE user_profile SET role = 'member' WHERE tenant_id = $1 RETURNING id`, [
      globex,
    ]),
  ).toEqual([]);
  await expect(as(mine, 'DELETE FROM user_profile')).rejects.toThrow('permission denied');
  await expect(
    as(mine, `INSERT INTO tenant (id, organization) VALUES ($1, 'x')`, [randomUUID()]),
  ).rejects.toThrow('row-level security');
});

test('nobody can put themselves into an organisation that is not in context', async () => {
  const newcomer = await atrium.people.newcomer('drifter@nowhere.test');
  const move = `UPDATE user_profile SET tenant_id = $1, role = 'admin', tenant_joined_at = now()
    WHERE user_id = $2`;
  await expect(as({ actorId: newcomer.userId }, move, [globex, newcomer.userId])).rejects.toThrow(
    'row-level security',
  );
});

test('a membership is set once: not even the owner moves somebody to another organisation', async () => {
  await expect(
    atrium.sql(`UPDATE user_profile SET tenant_id = $1 WHERE tenant_id = $2`, [globex, acme]),
  ).rejects.toThrow('never cleared');
});

test('the role of requests cannot read password or session hashes', async () => {
  const mine = { tenantId: acme };
  await expect(as(mine, 'SELECT password_hash FROM users')).rejects.toThrow('permission denied');
  await expect(as(mine, 'SELECT token_hash FROM session')).rejects.toThrow('permission denied');
});

test('10,000 mixed reads and writes of two organisations at once, some failing: none is wrong', async () => {
  const tenants = [acme, globex] as const;
  const names = new Map([
    [acme, 'Acme'],
    [globex, 'Globex'],
  ]);
  let wrong = 0;
  let refused = 0;

  const read = async (tenantId: string) => {
    const rows = await runInContext({ tenantId }, () =>
      unitOfWork.read<{ id: string }>({ name: 'isolation-read', text: 'SELECT id FROM tenant' }),
    );
    if (rows.length !== 1 || rows[0]!.id !== tenantId) wrong++;
  };
  const write = (tenantId: string) =>
    runInContext({ tenantId }, () =>
      unitOfWork.run(async () => {
        const text = 'UPDATE tenant SET organization = $1 RETURNING id';
        const rows = await unitOfWork.query<{ id: string }>(text, [names.get(tenantId)]);
        if (rows.length !== 1 || rows[0]!.id !== tenantId) wrong++;
      }),
    );
  const fail = (tenantId: string, other: string) =>
    runInContext({ tenantId }, () =>
      unitOfWork.run(async () => {
        await unitOfWork.execute(`UPDATE tenant SET organization = 'never seen'`);
        const stolen = await unitOfWork.query('SELECT 1 FROM tenant WHERE id = $1', [other]);
        if (stolen.length > 0) wrong++;
        throw new Error('on purpose');
      }),
    ).catch((error: Error) => {
      if (error.message === 'on purpose') refused++;
      else wrong++;
    });

  const total = 10_000;
  let next = 0;
  const worker = async () => {
    for (let turn = next++; turn < total; turn = next++) {
      const tenantId = tenants[turn % 2]!;
      if (turn % 10 === 0) await fail(tenantId, tenants[(turn + 1) % 2]!);
      else if (turn % 10 < 3) await write(tenantId);
      else await read(tenantId);
    }
  };
  await Promise.all(Array.from({ length: 40 }, worker));

  expect({ wrong, refused }).toEqual({ wrong: 0, refused: total / 10 });
  const after = await atrium.sql('SELECT organization FROM tenant ORDER BY organization');
  expect(after).toEqual([{ organization: 'Acme' }, { organization: 'Globex' }]);
}, 120_000);

test('a transaction with a failed nested use case cannot be committed, even if the caller ignores the error', async () => {
  const inner = () => unitOfWork.run(() => Promise.reject(new Error('inner refusal')));
  const outer = runInContext({ tenantId: acme }, () =>
    unitOfWork.run(async () => {
      await unitOfWork.execute(`UPDATE tenant SET organization = 'half done'`);
      await inner().catch(() => undefined);
    }),
  );
  await expect(outer).rejects.toThrow('inner refusal');
  const [row] = await atrium.sql('SELECT organization FROM tenant WHERE id = $1', [acme]);
  expect(row).toEqual({ organization: 'Acme' });
});

test('a transaction with a failed statement cannot be committed, even if the caller ignores the error', async () => {
  const work = runInContext({ tenantId: acme }, () =>
    unitOfWork.run(async () => {
      await unitOfWork.execute(`UPDATE tenant SET organization = 'half done'`);
      await unitOfWork.query('SELECT 1 / 0').catch(() => undefined);
    }),
  );
  await expect(work).rejects.toThrow('division by zero');
});

test('a failed savepoint is rolled back alone', async () => {
  const followed: string[] = [];
  const role = await runInContext({ tenantId: acme }, () =>
    unitOfWork.run(async () => {
      await unitOfWork.execute(`UPDATE tenant SET organization = 'Acme'`);
      await unitOfWork
        .attempt(() =>
          unitOfWork.runAs(identityRole, () => {
            unitOfWork.afterCommit(() => void followed.push('undone'));
            return unitOfWork.query('SELECT 1 / 0');
          }),
        )
        .catch(() => undefined);
      return unitOfWork.query(ROLE);
    }),
  );
  expect([role, followed]).toEqual([[{ role: 'app_user' }], []]);
  const [row] = await atrium.sql('SELECT organization FROM tenant WHERE id = $1', [acme]);
  expect(row).toEqual({ organization: 'Acme' });
});

const ROLE = 'SELECT current_user AS role';

test('concurrent nested use cases never run in each other’s role', async () => {
  const role = async () => (await unitOfWork.query<{ role: string }>(ROLE))[0]!.role;
  /** Runs two statements with a pause in which other tasks run. */
  const twice = async () => [await role(), await role()];
  const seen = await unitOfWork.run(() =>
    Promise.all([
      role(),
      unitOfWork.runAs(identityRole, twice),
      unitOfWork.runAs(auditRole, async () => [
        await role(),
        await unitOfWork.runAs(identityRole, role),
        ...(await Promise.all([unitOfWork.run(role), role()])),
      ]),
      unitOfWork.manager.query<{ role: string }[]>(ROLE).then(([row]) => row!.role),
      unitOfWork.runAs(outboxRole, twice),
      unitOfWork.run(role),
    ]),
  );
  expect(seen).toEqual([
    'app_user',
    ['app_identity', 'app_identity'],
    ['app_audit', 'app_identity', 'app_user', 'app_audit'],
    'app_user',
    ['app_outbox', 'app_outbox'],
    'app_user',
  ]);
});

test('statements that a use case did not await finish in its role; later ones are refused', async () => {
  let begin: () => void = () => undefined;
  const later = new Promise<void>((resolve) => (begin = resolve));
  await unitOfWork.run(async () => {
    const [left, late] = await unitOfWork.runAs(identityRole, () => {
      const query = () => unitOfWork.query<{ role: string }>(ROLE);
      return Promise.resolve([[query()], [later.then(query)]] as const);
    });
    await expect(left[0]).resolves.toEqual([{ role: 'app_identity' }]);
    begin();
    await expect(late[0]).rejects.toThrow('has ended');
  });
});

test('a transaction of its own stays when the unit of work it was begun in is rolled back', async () => {
  let apart: Promise<unknown> | undefined;
  const work = unitOfWork.run(() => {
    apart = unitOfWork.inNewTransaction(identityRole, () =>
      unitOfWork.execute(
        `UPDATE users SET last_login_at = 'epoch' WHERE email = 'admin@acme.test'`,
      ),
    );
    return Promise.reject(new Error('on purpose'));
  });
  await expect(work).rejects.toThrow('on purpose');
  await apart;
  const [row] = await atrium.sql<{ epoch: string }>(
    `SELECT extract(epoch FROM last_login_at) AS epoch FROM users WHERE email = 'admin@acme.test'`,
  );
  expect(Number(row!.epoch)).toBe(0);
});

test('a failing callback after COMMIT fails neither the request nor other callbacks', async () => {
  const followed: string[] = [];
  const done = await runInContext({ tenantId: acme }, () =>
    unitOfWork.run(async () => {
      unitOfWork.afterCommit(() => {
        throw new Error('of a hook, on purpose');
      });
      unitOfWork.afterCommit(() => Promise.reject(new Error('of a later hook, on purpose')));
      unitOfWork.afterCommit(() => void followed.push('last'));
      return unitOfWork.execute(`UPDATE tenant SET organization = 'Acme'`);
    }),
  );
  expect([done, followed]).toEqual([1, ['last']]);
});

test('a process waits for callbacks after COMMIT before it ends', async () => {
  let finish: () => void = () => undefined;
  const followed: string[] = [];
  await unitOfWork.run(async () => {
    unitOfWork.afterCommit(async () => {
      await new Promise<void>((resolve) => (finish = resolve));
      followed.push('removed');
    });
    await unitOfWork.query('SELECT 1');
  });
  const ended = unitOfWork.onApplicationShutdown().then(() => followed.push('ended'));
  finish();
  await ended;
  expect(followed).toEqual(['removed', 'ended']);
});

interface Seen {
  pid: number;
  role: string;
  tenant: string;
}

test('concurrent reads of one request are sent together, each with its own context and error', async () => {
  const backend = {
    text: 'SELECT pg_backend_pid() AS pid, current_user AS role, app_tenant_id() AS tenant',
  };
  const read = (role?: PrivilegedRole) => unitOfWork.read<Seen>(backend, role);
  const all = await Promise.all(
    [acme, globex].map((tenantId) =>
      runInContext({ tenantId }, () =>
        Promise.allSettled([
          read(),
          unitOfWork.read<Seen>({ text: 'SELECT 1 / 0' }),
          read(identityRole),
          read(),
        ]),
      ),
    ),
  );
  const pids = all.map((answers, index) => {
    const tenant = [acme, globex][index];
    expect(answers.map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
      'fulfilled',
    ]);
    const rows = answers.flatMap((each) => (each.status === 'fulfilled' ? each.value : []));
    expect(rows.map(({ role }) => role)).toEqual(['app_user', 'app_identity', 'app_user']);
    expect(new Set(rows.map((row) => row.tenant))).toEqual(new Set([tenant]));
    return new Set(rows.map(({ pid }) => pid));
  });
  // Two requests have two connections, where the engine has more than one.
  expect(pids.map(({ size }) => size)).toEqual([1, 1]);
  expect(new Set(pids.flatMap((each) => [...each])).size).toBe(ENGINE === 'server' ? 2 : 1);
});

test('forty units of work that read inside share ten connections without a deadlock', async () => {
  const pool = atrium.app.get(DataSource).options as { poolSize?: number };
  expect(pool.poolSize).toBe(10);
  const work = () =>
    runInContext({ tenantId: acme }, () =>
      unitOfWork.run(() =>
        unitOfWork.read({ name: 'isolation-read', text: 'SELECT id FROM tenant' }),
      ),
    );
  const answers = await Promise.all(Array.from({ length: 40 }, work));
  expect(answers.every((rows) => rows.length === 1)).toBe(true);
});
