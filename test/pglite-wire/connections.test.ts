import pg from 'pg';
import { EmbeddedDatabase } from '../../src/pglite-wire/embedded-database.js';
import { poolOver, transaction, valueOf } from './support.js';

describe('Connections to the embedded database', () => {
  let database: EmbeddedDatabase;
  let pool: pg.Pool;

  beforeAll(async () => {
    database = await EmbeddedDatabase.open({});
    pool = poolOver(database);
    await pool.query(`
      create role app_user;
      create table note (id serial primary key, tenant_id text not null, body text not null);
      grant select, insert on note to app_user;
      grant usage on sequence note_id_seq to app_user;
      alter table note enable row level security;
      create policy tenant on note using (tenant_id = current_setting('app.tenant_id', true));
    `);
  });

  beforeEach(() => pool.query('truncate note'));

  afterAll(async () => {
    await pool.end();
    await database.close();
  });

  it('is a PostgreSQL in UTC with all rights', async () => {
    expect(await valueOf(pool, 'show timezone')).toBe('UTC');
    expect(await valueOf(pool, 'show is_superuser')).toBe('on');
    expect(await valueOf(pool, 'select current_user')).toBe('postgres');
  });

  it('keeps 100 parallel transactions from seeing settings or half the work of each other', async () => {
    const refusal = new Error('on purpose');
    const work = Array.from({ length: 100 }, (_, number) => async () => {
      const tenant = number % 3 === 0 ? null : `tenant-${number % 7}`;
      await transaction(pool, async (client) => {
        expect(await valueOf(client, 'select current_user')).toBe('postgres');
        expect(await valueOf(client, `select current_setting('app.tenant_id', true)`)).toBeFalsy();
        if (tenant) {
          await client.query(
            `select set_config('role', 'app_user', true), set_config('app.tenant_id', $1, true)`,
            [tenant],
          );
        }
        const before = await valueOf(client, 'select count(*)::int from note');
        const owner = tenant ?? 'nobody';
        await client.query('insert into note (tenant_id, body) values ($1, $2)', [owner, 'one']);
        await new Promise((resolve) => setTimeout(resolve, number % 4));
        await client.query('insert into note (tenant_id, body) values ($1, $2)', [owner, 'two']);
        expect(await valueOf(client, 'select count(*)::int from note')).toBe(Number(before) + 2);
        expect(await valueOf(client, 'select current_user')).toBe(tenant ? 'app_user' : 'postgres');
        if (tenant) {
          const { rows } = await client.query('select distinct tenant_id from note');
          expect(rows).toEqual([{ tenant_id: tenant }]);
        }
        if (number % 5 === 0) throw refusal;
        if (number % 5 === 1) await client.query('select 1/0');
      });
    });
    const results = await Promise.allSettled(work.map((one) => one()));
    const reasons = results.flatMap((result) =>
      result.status === 'rejected' ? [result.reason] : [],
    );
    expect(reasons.filter((reason) => reason === refusal)).toHaveLength(20);
    expect(reasons.filter((reason) => reason.code === '22012')).toHaveLength(20);
    expect(reasons).toHaveLength(40);
    expect(await valueOf(pool, 'select count(*)::int from note')).toBe(120);
  });

  it('rolls back to a savepoint while others work', async () => {
    const nested = transaction(pool, async (client) => {
      await client.query(`insert into note (tenant_id, body) values ('a', 'kept')`);
      await client.query('savepoint inner_work');
      await client.query(`insert into note (tenant_id, body) values ('a', 'undone')`);
      await expect(client.query('select 1/0')).rejects.toThrow('division by zero');
      await client.query('rollback to savepoint inner_work');
      await client.query(`insert into note (tenant_id, body) values ('a', 'after')`);
    });
    const others = [1, 2, 3].map(() =>
      pool.query(`insert into note (tenant_id, body) values ('b', 'other')`),
    );
    await Promise.all([nested, ...others]);
    const { rows } = await pool.query(`select body from note where tenant_id = 'a' order by id`);
    expect(rows.map((row) => row.body)).toEqual(['kept', 'after']);
    expect(await valueOf(pool, 'select count(*)::int from note')).toBe(5);
  });

  it('gives every connection its own named statements', async () => {
    const long = 'a-name-that-is-longer-than-postgresql-keeps-'.padEnd(63, 'x');
    const clients = await Promise.all(Array.from({ length: 8 }, () => pool.connect()));
    const ask = (client: pg.PoolClient, index: number, name: string): Promise<unknown> =>
      client
        .query({ name, text: `select $1::int + ${index % 4} as sum`, values: [10] })
        .then(({ rows }) => rows[0].sum);
    for (const name of ['sum', long, 'sum']) {
      const sums = await Promise.all(clients.map((client, index) => ask(client, index, name)));
      expect(sums).toEqual([10, 11, 12, 13, 10, 11, 12, 13]);
    }
    clients.forEach((client) => client.release());
  });

  it('prepares a statement again after its first attempt failed', async () => {
    const client = await pool.connect();
    const named = { name: 'later', text: 'select count(*)::int as count from later' };
    await expect(client.query(named)).rejects.toThrow('relation "later" does not exist');
    await client.query('create table later (id int)');
    expect((await client.query(named)).rows).toEqual([{ count: 0 }]);
    await client.query('drop table later');
    client.release();
  });

  it('forgets the statements of a connection that ends', async () => {
    const client = new pg.Client({ stream: () => database.connect() });
    await client.connect();
    await client.query({ name: 'leaving', text: 'select 1' });
    const count = `select count(*)::int from pg_prepared_statements where name like '%leaving'`;
    expect(await valueOf(pool, count)).toBe(1);
    await client.end();
    expect(await valueOf(pool, count)).toBe(0);
  });

  describe('with pipelined reads', () => {
    let pipelined: pg.Pool;

    beforeAll(() => {
      pipelined = poolOver(database, { pipeline: true });
    });

    afterAll(() => pipelined.end());

    async function read(tenant: string, sql: string): Promise<pg.QueryResult> {
      const client = await pipelined.connect();
      try {
        const [, , result] = await Promise.all([
          client.query('BEGIN READ ONLY'),
          client.query({
            name: 'context',
            text: `select set_config('role', 'app_user', true), set_config('app.tenant_id', $1, true)`,
            values: [tenant],
          }),
          client.query({ name: sql, text: sql }),
          client.query('COMMIT'),
        ]);
        return result;
      } finally {
        client.release();
      }
    }

    it('never mixes tenants, also between writers and reads that fail', async () => {
      await pool.query(
        `insert into note (tenant_id, body) select 't' || n % 10, 'body' from generate_series(1, 100) n`,
      );
      const reads = Array.from({ length: 300 }, async (_, number) => {
        const tenant = `t${number % 10}`;
        if (number % 20 === 7) {
          await expect(read(tenant, 'select 1/0 as one')).rejects.toThrow('division by zero');
          return;
        }
        const { rows } = await read(tenant, 'select tenant_id, current_user as role from note');
        expect(rows.length).toBeGreaterThanOrEqual(10);
        expect(rows.every((row) => row.tenant_id === tenant && row.role === 'app_user')).toBe(true);
      });
      const writes = Array.from({ length: 20 }, (_, number) =>
        transaction(pool, async (client) => {
          expect(await valueOf(client, 'select current_user')).toBe('postgres');
          await client.query(`insert into note (tenant_id, body) values ($1, 'more')`, [
            `t${number % 10}`,
          ]);
        }),
      );
      await Promise.all([...reads, ...writes]);
      expect(await valueOf(pool, 'select count(*)::int from note')).toBe(120);
    });

    it('answers thousands of queries written at once, in order', async () => {
      const client = await pipelined.connect();
      const numbers = Array.from({ length: 3000 }, (_, number) => number);
      const answers = await Promise.all(
        numbers.map((number) => valueOf(client as never, 'select $1::int', [number])),
      );
      expect(answers).toEqual(numbers);
      client.release();
    });
  });

  it('delivers notifications to the connections that listen', async () => {
    const client = await pool.connect();
    const heard = new Promise((resolve) => client.once('notification', resolve));
    await client.query('listen news');
    await pool.query(`notify news, 'hello'`);
    expect(await heard).toMatchObject({ channel: 'news', payload: 'hello' });
    await client.query('unlisten *');
    client.release();
  });

  it('carries values and answers of many megabytes', async () => {
    const text = 'ü'.repeat(3_000_000);
    expect(await valueOf(pool, 'select $1::text', [text])).toBe(text);
    expect((await pool.query('select n from generate_series(1, 200000) n')).rows).toHaveLength(
      200000,
    );
  });
});
