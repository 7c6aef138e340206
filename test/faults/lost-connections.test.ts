import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { PgBoss } from 'pg-boss';
import { freePort, start, temporaryFolder, Visitor, type Running } from '../process/support.js';
import { ENGINE } from '../support/database.js';
import { fakeSmtp } from '../support/fake-smtp.js';
import { postgresPrograms, privateServer, type PrivateServer } from '../support/private-server.js';
import { eventually } from '../support/waiting.js';

const programs = ENGINE === 'server' ? postgresPrograms() : null;
if (ENGINE === 'server' && !programs) {
  console.warn('Lost connections are not tried: the programs of PostgreSQL are not installed here');
}
const withPrograms = programs ? describe : describe.skip;
const folder = temporaryFolder();

/** Number of failures per process; `OUTAGES=12` finds rarer errors. */
const TIMES = Number(process.env.OUTAGES ?? 3);
const READERS = 4;

withPrograms('two processes for requests and one for jobs, all of them busy', () => {
  let smtp: Awaited<ReturnType<typeof fakeSmtp>>;
  let database: PrivateServer;
  let running: Running[] = [];
  let load: Load;
  let owner: pg.Pool;

  beforeAll(async () => {
    smtp = await fakeSmtp();
    database = await privateServer(programs!, await freePort());
    owner = new pg.Pool({ connectionString: database.url(), max: 2 });
    owner.on('error', () => undefined);
    const settings = {
      DATABASE_URL: database.url(),
      DATA_DIR: folder,
      APP_SECRET: 'a secret for tests, long enough to be one',
      APP_URL: 'http://atrium.test',
      STATEMENT_TIMEOUT_SECONDS: '1',
      SMTP_URL: `smtp://127.0.0.1:${smtp.port}?ignoreTLS=true`,
    };
    running = await Promise.all(
      ['web', 'web', 'worker'].map((ROLE) => start({ ...settings, ROLE })),
    );
    const anna = new Visitor(running[0]!.url);
    await anna.arrive('anna@acme.test', 'Acme');
    load = new Load(running.slice(0, 2), anna);
    await load.begin();
  }, 90_000);

  afterAll(async () => {
    running.forEach(({ child }) => child.kill('SIGKILL'));
    await Promise.all(running.map(({ ended }) => ended));
    await owner?.end();
    await database?.stop();
    await smtp?.stop();
  });

  const terminate = () =>
    owner.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'atrium'`,
    );
  /** Until every connection that was asked something has been given up. */
  async function fallSilent(): Promise<void> {
    await database.freeze();
    await sleep(6_500);
    database.thaw();
  }

  test.each([
    ['the server is restarted', () => database.restart()],
    ['their connections are terminated', terminate],
    ['the server falls silent', fallSilent],
  ])(
    'none dies when %s: what is asked meanwhile is answered 503, and all goes on by itself',
    async (_, happens) => {
      for (let turn = 0; turn < TIMES; turn++) {
        await load.goesWell();
        await happens();
        expect(running.map(({ child }) => child.exitCode ?? child.signalCode)).toEqual(
          running.map(() => null),
        );
      }
      await load.goesWell();
      expect(load.dishonest).toEqual([]);
      for (const { url } of running) {
        await eventually(async () => (await fetch(`${url}/health/ready`)).status === 200);
      }
    },
    300_000,
  );

  test('every job whose adding was confirmed is done by the process for jobs, which never began anew', async () => {
    await load.end();
    expect(load.invited.length).toBeGreaterThan(TIMES / 2);
    const boss = new PgBoss({
      db: { executeSql: (text, values) => owner.query(text, values) },
      migrate: false,
      supervise: false,
      schedule: false,
    });
    try {
      await boss.start();
      await eventually(async () => {
        // Interrupted jobs are restarted after minutes, which this test does not wait for.
        await owner.query(`UPDATE pgboss.job SET started_on = now() - interval '1 hour'
          WHERE state = 'active' AND started_on < now() - interval '5 seconds'`);
        await boss.supervise();
        await owner.query(`UPDATE pgboss.job SET start_after = now() WHERE state = 'retry'`);
        const mailed = new Set(smtp.delivered.map(({ to }) => to));
        return load.invited.every((address) => mailed.has(address));
      }, 90);
    } finally {
      await boss.stop({ graceful: false });
    }
    expect(running.map(({ child }) => child.exitCode ?? child.signalCode)).toEqual([
      null,
      null,
      null,
    ]);
  }, 120_000);
});

/** Continuous traffic of pages, API and invitations at every process. */
class Load {
  /** Addresses of invitations that were confirmed. */
  readonly invited: string[] = [];
  /** Responses other than success or a 503 with Retry-After. */
  readonly dishonest: string[] = [];
  private clients: Promise<void>[] = [];
  private isOver = false;
  private readonly wellDone = new Map<string, number>();

  constructor(
    private readonly processes: Running[],
    private readonly anna: Visitor,
  ) {}

  async begin(): Promise<void> {
    const cookie = `atrium_session=${this.anna.cookie('atrium_session')}`;
    const body = JSON.stringify({ email: 'anna@acme.test', password: 'paper lantern orbit' });
    const headers = { 'content-type': 'application/json' };
    const login = await fetch(`${this.anna.url}/api/v1/auth/login`, {
      method: 'POST',
      headers,
      body,
    });
    const { access_token } = (await login.json()) as { access_token: string };
    const authorization = `Bearer ${access_token}`;
    this.clients = this.processes.flatMap(({ url }) => [
      ...Array.from({ length: READERS }, (_, turn) =>
        turn % 2
          ? this.repeat(url, '/projects/', () => ({ headers: { cookie } }))
          : this.repeat(url, '/api/v1/members', () => ({ headers: { authorization } })),
      ),
      this.invite(url, { ...headers, authorization }),
    ]);
  }

  async end(): Promise<void> {
    this.isOver = true;
    await Promise.all(this.clients);
  }

  /** Resolves once every process has answered everybody some times more. */
  async goesWell(): Promise<void> {
    this.wellDone.clear();
    await eventually(
      () =>
        Promise.resolve(
          this.dishonest.length > 0 ||
            this.processes.every(({ url }) => (this.wellDone.get(url) ?? 0) > READERS),
        ),
      60,
    );
  }

  private async invite(url: string, headers: Record<string, string>): Promise<void> {
    let email = '';
    const next = () => {
      email = `guest${new URL(url).port}.${Date.now()}@acme.test`;
      return { method: 'POST', headers, body: JSON.stringify({ email, role: 'member' }) };
    };
    await this.repeat(url, '/api/v1/invitations', next, 201, () => this.invited.push(email), 100);
  }

  private async repeat(
    url: string,
    path: string,
    request: () => RequestInit,
    expected = 200,
    done: () => unknown = () => undefined,
    pause = 5,
  ): Promise<void> {
    for (; !this.isOver; await sleep(pause)) {
      try {
        const answer = await fetch(url + path, { ...request(), redirect: 'manual' });
        await answer.arrayBuffer();
        if (answer.status === expected) {
          this.wellDone.set(url, (this.wellDone.get(url) ?? 0) + 1);
          done();
        } else if (answer.status !== 503 || !answer.headers.get('retry-after')) {
          this.dishonest.push(`${path}: ${answer.status}`);
        }
      } catch (error) {
        this.dishonest.push(`${path}: ${String((error as Error).cause ?? error)}`);
        await sleep(100);
      }
    }
  }
}
