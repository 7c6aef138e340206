import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import pg from 'pg';
import { EmbeddedDatabase } from '../../src/pglite-wire/embedded-database.js';
import { poolOver, temporaryFolder, valueOf } from './support.js';

describe('When something goes wrong on the embedded database', () => {
  const folder = temporaryFolder();
  let database: EmbeddedDatabase;
  let pool: pg.Pool;

  beforeAll(async () => {
    database = await EmbeddedDatabase.open({ folder: folder.path, waitLimit: 1000 });
    pool = poolOver(database);
    await pool.query('create table note (id serial primary key, body text); create role app_user');
  });

  afterAll(async () => {
    await pool.end();
    await database.close();
    folder.remove();
  });

  async function connected(): Promise<{ client: pg.Client; stream: Duplex }> {
    const stream = database.connect();
    const client = new pg.Client({ stream: () => stream });
    client.on('error', () => undefined);
    await client.connect();
    return { client, stream };
  }

  it('undoes what a connection has not committed when it is destroyed', async () => {
    const { client, stream } = await connected();
    await client.query('begin');
    await client.query(`insert into note (body) values ('half')`);
    const waiting = valueOf(pool, 'select count(*)::int from note');
    stream.destroy();
    expect(await waiting).toBe(0);
  });

  it('undoes it too when the connection goes in the middle of a request', async () => {
    const { client, stream } = await connected();
    await client.query('begin');
    const cut = client.query(`insert into note (body) values ('half')`).catch((error) => error);
    stream.destroy();
    expect(await cut).toBeInstanceOf(Error);
    const second = await connected();
    // A Parse whose Sync never comes.
    second.stream.write(Buffer.from('P\0\0\0\x10\0select 1\0\0\0', 'latin1'));
    await new Promise((resolve) => setTimeout(resolve, 20));
    second.stream.destroy();
    expect(await valueOf(pool, 'select count(*)::int from note')).toBe(0);
  });

  it('leaves no session settings, role or temporary table behind', async () => {
    const { client } = await connected();
    await client.query(`set statement_timeout = 12345`);
    await client.query(`select set_config('app.tenant_id', 'leaked', false)`);
    await client.query('create temp table note (id int)');
    await client.query('set role app_user');
    await client.end();
    expect(await valueOf(pool, 'select current_user')).toBe('postgres');
    expect(await valueOf(pool, 'show statement_timeout')).toBe('0');
    expect(await valueOf(pool, `select current_setting('app.tenant_id', true)`)).toBeFalsy();
    expect(await valueOf(pool, `select to_regclass('pg_temp.note')`)).toBeNull();
    expect(await valueOf(pool, 'show timezone')).toBe('UTC');
  });

  it('tells a query that waits for its own transaction what is wrong', async () => {
    const { client } = await connected();
    await client.query('begin');
    await client.query('select 1');
    await expect(pool.query('select 1')).rejects.toMatchObject({
      code: '55P03',
      message: expect.stringContaining('another connection holds a transaction open'),
    });
    await client.query('commit');
    await client.end();
    expect(await valueOf(pool, 'select 1')).toBe(1);
  });

  it('refuses COPY from the client, and goes on', async () => {
    await expect(pool.query('copy note from stdin')).rejects.toThrow('COPY FROM STDIN');
    const extended = { text: 'copy note (body) from stdin', name: 'copying' };
    await expect(pool.query(extended)).rejects.toThrow('COPY FROM STDIN');
    expect(await valueOf(pool, 'select 1')).toBe(1);
  });

  it('refuses what is not the protocol, on that connection alone', async () => {
    const { client, stream } = await connected();
    await client.query('begin');
    const refusal = once(client, 'error');
    stream.write(Buffer.from('z\0\0\0\x04', 'latin1'));
    expect(await refusal).toMatchObject([{ message: 'message type 122 is not supported' }]);
    expect(await valueOf(pool, 'select 1')).toBe(1);
  });

  it('turns endless recursion into an ordinary error', async () => {
    await pool.query(
      `create function deeper(n int) returns int language plpgsql as 'begin return deeper(n + 1); end'`,
    );
    await expect(pool.query('select deeper(1)')).rejects.toThrow('stack depth limit exceeded');
    expect(await valueOf(pool, 'select 1')).toBe(1);
  });

  /** Opening again takes a third of a second, on a busy machine longer than a query here waits. */
  async function onceBack(sql: string): Promise<unknown[]> {
    for (let tries = 1; ; tries++) {
      try {
        return (await pool.query(sql)).rows;
      } catch (error) {
        if (tries === 20) throw error;
      }
    }
  }

  // The first overflows WebAssembly's stack, the second makes the backend exit.
  it.each([
    [`select (repeat('[', 1000000) || repeat(']', 1000000))::jsonb`, 'Maximum call stack size'],
    [
      `set idle_in_transaction_session_timeout = 10; begin; select pg_sleep(0)`,
      'The embedded database stopped',
    ],
  ])(
    'starts the engine again after a crash and loses nothing committed: %s',
    async (sql, reason) => {
      await pool.query(`delete from note`);
      await pool.query(`insert into note (body) values ('confirmed')`);
      const { client } = await connected();
      const bystander = await connected();
      const crash = client.query(sql).then(async () => {
        await new Promise((resolve) => setTimeout(resolve, 50));
        await client.query('select 1');
      });
      await expect(crash).rejects.toThrow(reason);
      await expect(bystander.client.query('select 1')).rejects.toThrow('not queryable');
      expect(await onceBack('select body from note')).toEqual([{ body: 'confirmed' }]);
      await pool.query(`insert into note (body) values ('and on')`);
    },
  );
});
