import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { runInContext } from '../../../src/core/context/request-context.js';
import { isUnavailable } from '../../../src/core/database/database-errors.js';
import { auditRole } from '../../../src/core/database/privileged/audit.role.js';
import { identityRole } from '../../../src/core/database/privileged/identity.role.js';
import { UnitOfWork } from '../../../src/core/database/unit-of-work.js';
import { startApp, type TestApp } from '../../support/app.js';
import { ENGINE } from '../../support/database.js';
import type { Person } from '../../support/people.js';
import { RoundTrips } from '../../support/round-trips.js';

const onServer = ENGINE === 'server' ? test : test.skip;

let atrium: TestApp;
let unitOfWork: UnitOfWork;
let anna: Person;
const counter = new RoundTrips();

beforeAll(async () => {
  atrium = await startApp({ ROLE: 'web', DATABASE_POOL_SIZE: '2' });
  unitOfWork = atrium.app.get(UnitOfWork);
  anna = await atrium.people.adminOf('Acme', 'anna@acme.test');
  counter.begin(atrium.server);
});
beforeEach(() => name('Acme'));
afterAll(async () => {
  counter.end();
  await atrium.stop();
});

const name = (organization: string) =>
  atrium.sql('UPDATE tenant SET organization = $1', [organization]);
const RENAME = { text: 'UPDATE tenant SET organization = $1', values: ['Half done'] };
const FAILING = { text: 'SELECT 1 / 0' };
const ROLE = 'SELECT current_user AS role';

/** A unit of work of Anna's organisation. `followed`: whether its callback was called. */
async function work(
  steps: () => Promise<unknown>,
): Promise<{ outcome: string; followed: boolean }> {
  let followed = false;
  const outcome = await runInContext({ tenantId: anna.tenantId }, () =>
    unitOfWork.run(async () => {
      unitOfWork.afterCommit(() => void (followed = true));
      return steps();
    }),
  ).then(
    () => 'committed',
    (error: Error) => error.message,
  );
  await unitOfWork.onApplicationShutdown();
  return { outcome, followed };
}

async function nameNow(): Promise<string> {
  const [row] = await atrium.sql<{ organization: string }>('SELECT organization FROM tenant');
  return row!.organization;
}

/** Both connections of the pool are lent again, in no transaction and in no role of an earlier one. */
async function expectCleanConnections(): Promise<void> {
  const seen = await Promise.all(
    Array.from({ length: 6 }, () =>
      runInContext({}, () =>
        unitOfWork.run(() => unitOfWork.query(`${ROLE}, app_tenant_id() AS tenant`)),
      ),
    ),
  );
  expect(seen.flat()).toEqual(
    Array.from({ length: 6 }, () => ({ role: 'app_user', tenant: null })),
  );
}

afterEach(expectCleanConnections);

describe('round trips:', () => {
  const trips = (steps: () => Promise<unknown>) => counter.of(() => work(steps));

  test('a unit of work that asks nothing takes none', async () => {
    expect(await trips(() => Promise.resolve())).toEqual([]);
  });

  test('BEGIN, role and organisation travel with the first statement', async () => {
    expect(await trips(() => unitOfWork.query(ROLE))).toEqual([[ROLE], ['COMMIT']]);
  });

  test('posted statements travel with COMMIT, of whatever role', async () => {
    const taken = await trips(async () => {
      await unitOfWork.post(RENAME);
      await unitOfWork.post({ text: 'SELECT 1' }, identityRole);
    });
    expect(taken).toEqual([[`${RENAME.text}; SELECT 1`]]);
    expect(await nameNow()).toBe('Half done');
  });

  test('posted statements travel with the next one, in the order of the calls', async () => {
    let seen: unknown;
    const taken = await trips(async () => {
      await unitOfWork.post(RENAME);
      seen = await unitOfWork.query('SELECT organization FROM tenant');
    });
    expect(taken).toHaveLength(2);
    expect(seen).toEqual([{ organization: 'Half done' }]);
  });

  test('a use case in another role takes no more of them', async () => {
    const taken = await trips(async () => {
      await unitOfWork.query(ROLE);
      await unitOfWork.runAs(identityRole, () => unitOfWork.query(ROLE));
      await unitOfWork.query(ROLE);
    });
    expect(taken).toEqual([[ROLE], [ROLE], [ROLE], ['COMMIT']]);
  });
});

test('a posted statement runs in its role, and those around it in theirs', async () => {
  const roles: unknown[] = [];
  await atrium.sql('CREATE TABLE role_seen (role text)');
  await atrium.sql('GRANT INSERT ON role_seen TO app_user, app_audit');
  const note = { text: 'INSERT INTO role_seen VALUES (current_user)' };
  const { outcome } = await work(async () => {
    await unitOfWork.post(note, auditRole);
    roles.push(await unitOfWork.query(ROLE));
    await unitOfWork.runAs(identityRole, async () => {
      await unitOfWork.post(note, auditRole);
      roles.push(await unitOfWork.query(ROLE));
    });
    await unitOfWork.post(note);
  });
  expect(outcome).toBe('committed');
  expect(roles).toEqual([[{ role: 'app_user' }], [{ role: 'app_identity' }]]);
  const seen = await atrium.sql('SELECT role FROM role_seen ORDER BY ctid');
  await atrium.sql('DROP TABLE role_seen');
  expect(seen).toEqual([{ role: 'app_audit' }, { role: 'app_audit' }, { role: 'app_user' }]);
});

test('who posted a statement is told how many rows it changed', async () => {
  let changed = 0;
  await work(() => unitOfWork.post(RENAME, undefined, (rows) => (changed = rows)));
  expect(changed).toBe(1);
});

describe('nothing is committed, and no callback is called, when', () => {
  test.each<[string, () => Promise<unknown>]>([
    [
      'a posted statement fails that nobody waited for',
      async () => {
        await unitOfWork.execute(RENAME.text, RENAME.values);
        await unitOfWork.post(FAILING);
      },
    ],
    [
      'a posted statement fails before another one in the message of COMMIT',
      async () => {
        await unitOfWork.post(FAILING);
        await unitOfWork.post(RENAME);
      },
    ],
    [
      'a posted statement fails behind another one in the message of BEGIN and COMMIT',
      async () => {
        await unitOfWork.post(RENAME);
        await unitOfWork.post(FAILING);
      },
    ],
    [
      'a posted statement fails with the next one, whose error is ignored',
      async () => {
        await unitOfWork.post(FAILING);
        await unitOfWork.execute(RENAME.text, RENAME.values).catch(() => undefined);
      },
    ],
    [
      'the first statement fails, is ignored, and others follow',
      async () => {
        await unitOfWork.query(FAILING.text).catch(() => undefined);
        await unitOfWork.execute(RENAME.text, RENAME.values).catch(() => undefined);
      },
    ],
    [
      'the first of two statements at once fails',
      async () => {
        const both = [unitOfWork.query(FAILING.text), unitOfWork.execute(RENAME.text, ['Later'])];
        await Promise.allSettled(both);
      },
    ],
  ])('%s', async (_, steps) => {
    const { outcome, followed } = await work(steps);
    expect([outcome, followed]).toEqual([expect.stringContaining('division by zero'), false]);
    expect(await nameNow()).toBe('Acme');
  });

  test.each([
    ['sent', (value: unknown) => unitOfWork.query('SELECT $1::json', [value])],
    ['posted', (value: unknown) => unitOfWork.post({ text: 'SELECT $1::json', values: [value] })],
  ])(
    'a value that is %s is no JSON, though the error was ignored: whoever gave it is told',
    async (_, send) => {
      let told = '';
      const { outcome, followed } = await work(async () => {
        await unitOfWork.execute(RENAME.text, RENAME.values);
        const circle: Record<string, unknown> = {};
        circle.self = circle;
        await send(circle).catch((error: Error) => (told = error.message));
      });
      expect(told).toContain('circular');
      expect([outcome, followed]).toEqual([expect.stringContaining('circular'), false]);
      expect(await nameNow()).toBe('Acme');
    },
  );

  test('COMMIT itself fails, at a constraint that was deferred', async () => {
    const { outcome, followed } = await work(async () => {
      await unitOfWork.execute('SET CONSTRAINTS ALL DEFERRED');
      await unitOfWork.post(RENAME);
      await unitOfWork.post({
        text: `UPDATE user_profile SET role = 'member' WHERE role = 'admin'`,
      });
    });
    expect(outcome).toContain('admin');
    expect(followed).toBe(false);
    expect(await nameNow()).toBe('Acme');
  });

  test('another transaction was in the way: it can be tried again', async () => {
    const conflict = `DO $$ BEGIN RAISE EXCEPTION 'in the way' USING ERRCODE = '40001'; END $$`;
    let thrown: unknown;
    const { outcome, followed } = await work(async () => {
      await unitOfWork.post(RENAME);
      await unitOfWork.post({ text: conflict });
    });
    await runInContext({ tenantId: anna.tenantId }, () =>
      unitOfWork.run(() => unitOfWork.post({ text: conflict })),
    ).catch((error: unknown) => (thrown = error));
    expect([outcome, followed, isUnavailable(thrown)]).toEqual(['in the way', false, true]);
    expect(await nameNow()).toBe('Acme');
  });

  describe('the connection is lost', () => {
    const loseIt = async () => {
      const [row] = await unitOfWork.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      await atrium.sql('SELECT pg_terminate_backend($1, 5000)', [row!.pid]);
    };
    onServer('before the next statement', async () => {
      const { outcome, followed } = await work(async () => {
        await unitOfWork.execute(RENAME.text, RENAME.values);
        await loseIt();
        await unitOfWork.query(ROLE);
      });
      expect([outcome, followed]).toEqual([
        expect.stringMatching(/terminat|reset|not queryable/i),
        false,
      ]);
      expect(await nameNow()).toBe('Acme');
    });

    onServer('and that was noticed before the next statement', async () => {
      const { outcome, followed } = await work(async () => {
        await loseIt();
        await sleep(100);
        await unitOfWork.execute(RENAME.text, RENAME.values);
      });
      expect([outcome, followed]).toEqual([expect.stringMatching(/not queryable/i), false]);
      expect(await nameNow()).toBe('Acme');
    });

    onServer('before the message of COMMIT', async () => {
      const { outcome, followed } = await work(async () => {
        await loseIt();
        await unitOfWork.post(RENAME);
      });
      expect([outcome, followed]).toEqual([
        expect.stringMatching(/terminat|reset|not queryable/i),
        false,
      ]);
      expect(await nameNow()).toBe('Acme');
    });
  });
});

test('a posted statement that fails in a savepoint is undone with it, alone', async () => {
  let role: unknown;
  const { outcome, followed } = await work(async () => {
    await unitOfWork.post(RENAME);
    const part = unitOfWork.attempt(async () => {
      await unitOfWork.post({ ...RENAME, values: ['In the savepoint'] });
      await unitOfWork.post(FAILING, identityRole);
    });
    await expect(part).rejects.toThrow('division by zero');
    role = await unitOfWork.query(ROLE);
  });
  expect([outcome, followed, role]).toEqual(['committed', true, [{ role: 'app_user' }]]);
  expect(await nameNow()).toBe('Half done');
});

test('what is posted beside a savepoint is not undone with it', async () => {
  const { outcome } = await work(async () => {
    const part = unitOfWork.attempt(() => unitOfWork.query(FAILING.text));
    await Promise.all([expect(part).rejects.toThrow('division'), unitOfWork.post(RENAME)]);
  });
  expect(outcome).toBe('committed');
  expect(await nameNow()).toBe('Half done');
});

test('a named statement can be used again after the message that prepared it failed', async () => {
  const named = { name: 'transaction-test', text: 'SELECT organization FROM tenant' };
  for (let turn = 0; turn < 3; turn++) {
    await work(async () => {
      await unitOfWork.post(named);
      await unitOfWork.post(FAILING);
    });
    const { outcome } = await work(() => unitOfWork.post(named));
    expect(outcome).toBe('committed');
  }
});

test('what is posted after the end of its use case is refused', async () => {
  let later: () => Promise<void> = () => Promise.resolve();
  await work(async () => {
    await unitOfWork.runAs(identityRole, () => {
      later = AsyncLocalStorage.bind(() => unitOfWork.post(RENAME));
      return Promise.resolve();
    });
    await expect(later()).rejects.toThrow('has ended');
  });
  expect(await nameNow()).toBe('Acme');
});

test('values are those of the moment in which a statement was posted', async () => {
  const values = ['First'];
  await work(async () => {
    await unitOfWork.post({ ...RENAME, values });
    values[0] = 'Second';
  });
  expect(await nameNow()).toBe('First');
});

test('a named statement that failed in a unit of work can be asked outside of one, and the other way round', async () => {
  const ask = (value: number) =>
    runInContext({ tenantId: anna.tenantId }, () =>
      unitOfWork.read<{ n: number }>({
        name: 'fails-at-zero',
        text: 'SELECT 1 / $1::int AS n',
        values: [value],
      }),
    );
  // Whichever connection of the pool it was: both are asked.
  const both = () => Promise.all([ask(1), ask(1), ask(1), ask(1)]);
  for (let round = 0; round < 2; round++) {
    expect((await work(() => ask(0))).outcome).toContain('division by zero');
    expect(await both()).toEqual(Array.from({ length: 4 }, () => [{ n: 1 }]));
    await expect(ask(0)).rejects.toThrow('division by zero');
    expect((await work(() => ask(1))).outcome).toBe('committed');
  }
});

test('of attempts within attempts each undoes its own changes, also after one inside it failed', async () => {
  const fails = () => Promise.reject(new Error('no'));
  const { outcome } = await work(async () => {
    await unitOfWork
      .attempt(async () => {
        await unitOfWork.execute(RENAME.text, RENAME.values);
        await unitOfWork.attempt(fails).catch(() => undefined);
        await fails();
      })
      .catch(() => undefined);
  });
  expect([outcome, await nameNow()]).toEqual(['committed', 'Acme']);
});
