import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { run, start, temporaryFolder, Visitor, type Running } from '../process/support.js';
import { Balancer, Unanswered } from '../support/balancer.js';
import { ENGINE, settingsFor } from '../support/database.js';
import { fakeSmtp } from '../support/fake-smtp.js';
import { eventually } from '../support/waiting.js';

// An embedded folder belongs to one process.
const onServer = ENGINE === 'server' ? describe : describe.skip;
const folder = temporaryFolder();
const PASSWORD = 'paper lantern orbit';

onServer('three processes for requests and one for jobs, on one empty database', () => {
  const url = new URL(process.env.TEST_DATABASE_URL || 'postgres://unused');
  const maintainer = new pg.Client({ connectionString: url.href });
  const database = `atrium_replicas_${process.pid}`;
  url.pathname = `/${database}`;
  const owner = new pg.Pool({ connectionString: url.href, max: 2 });
  owner.on('error', () => undefined);

  let smtp: Awaited<ReturnType<typeof fakeSmtp>>;
  let running: Running[] = [];
  const anna = new Visitor('');

  beforeAll(async () => {
    await maintainer.connect();
    await maintainer.query(`CREATE DATABASE ${database}`);
    smtp = await fakeSmtp();
    // Every process runs jobs; the last one is a worker only.
    const roles = ['all', 'all', 'all', 'worker'];
    running = await Promise.all(roles.map((role) => startOne({ ROLE: role })));
    anna.url = running[0]!.url;
    await anna.arrive('anna@acme.test', 'Acme');
  }, 90_000);

  afterAll(async () => {
    running.forEach(({ child }) => child.kill('SIGKILL'));
    await Promise.all(running.map(({ ended }) => ended));
    await owner.end();
    await maintainer.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
    await maintainer.end();
    await smtp?.stop();
  });

  const settings = () => ({
    ...settingsFor(url),
    DATA_DIR: folder,
    APP_SECRET: 'a secret for tests, long enough to be one',
    APP_URL: 'http://atrium.test',
    RATE_LIMIT_MULTIPLIER: '1',
    SHUTDOWN_DRAIN_SECONDS: '1',
    SMTP_URL: `smtp://127.0.0.1:${smtp.port}?ignoreTLS=true`,
  });
  const startOne = (more: Record<string, string> = {}) => start({ ...settings(), ...more });

  const api = async (at: Running, method: string, path: string, token?: string, body?: object) => {
    const answer = await fetch(`${at.url}/api/v1${path}`, {
      method,
      headers: {
        ...(body ? { 'content-type': 'application/json' } : {}),
        ...(token ? { authorization: `Bearer ${token}` } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await answer.text();
    return {
      status: answer.status,
      body: (text ? JSON.parse(text) : {}) as Record<string, string>,
    };
  };
  const signIn = async (at: Running, email = 'anna@acme.test') => {
    const { body } = await api(at, 'POST', '/auth/login', undefined, { email, password: PASSWORD });
    return body.access_token!;
  };

  test('started at once, one of them migrates and the others find it done', async () => {
    const { rows } = await owner.query<{ applied: number; names: number; countries: number }>(
      `SELECT count(*)::int AS applied, count(DISTINCT name)::int AS names,
         (SELECT count(*)::int FROM country) AS countries FROM migrations`,
    );
    const [{ applied, names, countries } = { applied: 0, names: 0, countries: 0 }] = rows;
    expect(applied).toBeGreaterThan(10);
    expect([names, countries]).toEqual([applied, 250]);
  });

  test('a session of one is good at all, and once ended at one it is over at all', async () => {
    const [one, two, three] = running as [Running, Running, Running];
    const token = await signIn(one);
    for (const each of running) {
      anna.url = each.url;
      expect((await anna.get('/dashboard/')).text).toContain('Welcome Anna');
      expect((await api(each, 'GET', '/me', token)).status).toBe(200);
    }
    expect((await api(two, 'POST', '/auth/logout', token)).status).toBe(204);
    for (const each of running) expect((await api(each, 'GET', '/me', token)).status).toBe(401);

    const elsewhere = new Visitor(two.url);
    await elsewhere.submit('/login/', { email: 'anna@acme.test', password: PASSWORD });
    elsewhere.url = three.url;
    expect((await elsewhere.get('/dashboard/')).status).toBe(200);
    await anna.submit('/profile/security/', {}, '/profile/sessions/revoke-others/');
    elsewhere.url = three.url;
    expect((await elsewhere.get('/dashboard/')).location).toContain('/login/');
  });

  test('guesses are counted together, wherever they are made', async () => {
    const statuses: number[] = [];
    for (let turn = 0; turn < 11; turn++) {
      const body = { email: 'guessed@acme.test', password: 'not the password' };
      statuses.push((await api(running[turn % 4]!, 'POST', '/auth/login', undefined, body)).status);
    }
    expect(statuses).toEqual([...Array<number>(10).fill(401), 429]);
  });

  test('a feature that is switched off at one is gone at all within a second or so', async () => {
    const root = new Visitor(running[1]!.url);
    await root.arrive('root@atrium.test', 'Operator');
    await owner.query(
      `UPDATE users SET is_staff = true, is_superuser = true WHERE email = 'root@atrium.test'`,
    );
    const areAll = (status: number) => async () => {
      for (const each of running) {
        anna.url = each.url;
        if ((await anna.get('/projects/')).status !== status) return false;
      }
      return true;
    };
    expect(await areAll(200)()).toBe(true);
    await root.submit('/admin/flags/projects/', { unit: 'user', percent: '0' });
    await eventually(areAll(404), 3);
    await root.submit('/admin/flags/projects/', { unit: 'default', percent: '100' });
    await eventually(areAll(200), 3);
  });

  test('every job is done by one of them, and once', async () => {
    const token = await signIn(running[0]!);
    const guests = Array.from({ length: 24 }, (_, turn) => `guest${turn}@acme.test`);
    const invite = (email: string, turn: number) =>
      api(running[turn % 4]!, 'POST', '/invitations', token, { email, role: 'member' });
    const invited = await Promise.all(guests.map(invite));
    expect(invited.map(({ status }) => status)).toEqual(guests.map(() => 201));
    const waiting = `SELECT 1 FROM pgboss.job WHERE name = 'mail' AND state IN ('created', 'retry', 'active')`;
    await eventually(async () => (await owner.query(waiting)).rowCount === 0);
    const delivered = smtp.delivered.map(({ to }) => to).filter((to) => to.startsWith('guest'));
    expect(delivered.sort()).toEqual(guests.sort());
  });

  describe('under load', () => {
    let balancer: Balancer;
    let load: Load;
    beforeEach(async () => {
      balancer = new Balancer();
      running.slice(0, 3).forEach((each) => balancer.add(each.url));
      load = new Load(balancer, await signIn(running[2]!));
    });
    afterEach(() => balancer.stop());

    const lostOf = async (written: string[]) => {
      const { rows } = await owner.query<{ name: string }>('SELECT name FROM project');
      const kept = new Set(rows.map(({ name }) => name));
      return written.filter((name) => !kept.has(name));
    };

    test('they are replaced one after another, and no request fails', async () => {
      load.begin();
      await load.toHaveDone(50);
      for (const [turn, old] of running.slice(0, 3).entries()) {
        const fresh = await startOne();
        balancer.add(fresh.url);
        old.child.kill('SIGTERM');
        expect(await old.ended).toBe(0);
        balancer.remove(old.url);
        running[turn] = fresh;
        await load.toHaveDone(50);
      }
      await load.end();
      expect(load.failed).toEqual([]);
      expect(await lostOf(load.written)).toEqual([]);
    }, 90_000);

    test('one is killed: nothing that was confirmed is lost, and nobody notices but whom it was answering', async () => {
      load.begin();
      await load.toHaveDone(50);
      const killed = running[0]!;
      killed.child.kill('SIGKILL');
      await killed.ended;
      await load.toHaveDone(100);
      await load.end();

      expect(load.failed.every((error) => error instanceof Unanswered)).toBe(true);
      expect(load.failed.filter((error) => (error as Unanswered).to !== killed.url)).toEqual([]);
      expect(load.failed.length).toBeLessThanOrEqual(CLIENTS);
      expect(await lostOf(load.written)).toEqual([]);

      const audit = run('commands.js', settings(), ['audit-verify']);
      expect([await audit.ended, audit.output()]).toEqual([0, expect.stringContaining('unbroken')]);
    }, 60_000);
  });
});

/** Each has one request on its way, or none. */
const CLIENTS = 5;

/** Clients that read and write without a pause. */
class Load {
  /** Names of projects whose making was confirmed. */
  readonly written: string[] = [];
  readonly failed: unknown[] = [];
  private done = 0;
  private isOver = false;
  private clients: Promise<void>[] = [];

  constructor(
    private readonly balancer: Balancer,
    private readonly token: string,
  ) {}

  begin(): void {
    this.clients = Array.from({ length: CLIENTS }, (_, client) =>
      this.ask(`${Date.now()}-${client}`),
    );
  }

  async toHaveDone(more: number): Promise<void> {
    const enough = this.done + more;
    await eventually(() => Promise.resolve(this.done >= enough || this.failed.length > 50), 30);
  }

  async end(): Promise<void> {
    this.isOver = true;
    await Promise.all(this.clients);
  }

  private async ask(client: string): Promise<void> {
    const headers = { authorization: `Bearer ${this.token}` };
    for (let turn = 0; !this.isOver; turn++) {
      const name = `${client}-${turn}`;
      try {
        const isWrite = turn % 2 === 0;
        const answer = isWrite
          ? await this.balancer.send('POST', '/api/v1/projects', headers, { name })
          : await this.balancer.send('GET', '/api/v1/members', headers);
        if (answer.status !== (isWrite ? 201 : 200)) this.failed.push(answer);
        else if (isWrite) this.written.push(name);
        this.done++;
      } catch (error) {
        this.failed.push(error);
      }
      await sleep(5);
    }
  }
}
