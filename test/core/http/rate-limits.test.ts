import type { Request } from 'express';
import { MOST_ROWS, RateLimiter } from '../../../src/core/http/security/rate-limiter.js';
import { RateLimitRepository } from '../../../src/core/http/security/rate-limit.repository.js';
import { Sweeper } from '../../../src/core/jobs/sweeper.js';
import { startApp, type TestApp } from '../../support/app.js';
import { Browser } from '../../support/browser.js';
import { linkIn } from '../../support/mailbox.js';
import { PASSWORD } from '../../support/people.js';
import { eventually } from '../../support/waiting.js';

let atrium: TestApp;
beforeAll(async () => {
  atrium = await startApp({ RATE_LIMIT_MULTIPLIER: '1', TRUST_PROXY: '1' });
  await atrium.people.memberOf('Acme', 'anna@acme.example');
  // A success is taken off after its answer: it must not be taken off what a test counts.
  await eventually(async () => {
    return (await atrium.sql('SELECT 1 FROM rate_limit WHERE hits = 0')).length > 0;
  });
});
beforeEach(() => atrium.sql('DELETE FROM rate_limit'));
afterAll(() => atrium.stop());

const guess = (email: string, browser = atrium.browser()) =>
  browser.fill('/login/', { email, password: 'not the password' });

test('the eleventh attempt at one account within five minutes is refused, also with the right password', async () => {
  for (let n = 1; n <= 10; n++) expect((await guess('anna@acme.example')).status).toBe(422);
  const browser = atrium.browser().with('Accept-Language', 'nl');
  const refused = await browser.fill('/login/', { email: 'anna@acme.example', password: PASSWORD });
  expect([refused.status, refused.at('h1')]).toEqual([429, 'Dat ging iets te snel']);
  const seconds = Number(refused.response.get('retry-after'));
  expect(seconds).toBeGreaterThan(200);
  expect(seconds).toBeLessThanOrEqual(300);
  expect(refused.document.querySelector('header.topbar')).not.toBeNull();
  expect((await guess('bert@acme.example')).status).toBe(422);
});

test('another spelling of the address is the same account', async () => {
  const spellings = ['anna@acme.example', 'ANNA@acme.example', ' anna@ACME.example '];
  for (let n = 0; n < 10; n++) await guess(spellings[n % 3]!);
  expect((await guess('Anna@Acme.Example')).status).toBe(429);
});

test('a repeated field does not evade the limit', async () => {
  for (let n = 0; n < 11; n++) {
    const browser = atrium.browser();
    const token = await browser.token();
    const answer = await browser.agent
      .post('/login/')
      .type('form')
      .send(`_csrf=${token}&email=x${n}@x.example&email=anna@acme.example&password=nope`)
      .ok(() => true);
    expect(answer.status).toBe(n < 10 ? 422 : 429);
  }
});

test('the wait ends', async () => {
  for (let n = 0; n < 11; n++) await guess('anna@acme.example');
  await atrium.sql(`UPDATE rate_limit SET resets_at = now() - interval '1 second'`);
  expect((await guess('anna@acme.example')).status).toBe(422);
});

test('attempts at many accounts from one address are limited', async () => {
  await atrium.sql('DELETE FROM rate_limit');
  const statuses: number[] = [];
  const browser = atrium.browser();
  await browser.visit('/login/');
  for (let n = 0; n < 61; n++) {
    const answer = await browser.agent
      .post('/login/')
      .type('form')
      .send({ _csrf: await cachedToken(browser), email: `n${n}@x.example`, password: 'nope nope' })
      .ok(() => true);
    statuses.push(answer.status);
  }
  expect(statuses.slice(0, 60)).toEqual(Array<number>(60).fill(422));
  expect(statuses[60]).toBe(429);
});

const tokens = new WeakMap<Browser, string>();
async function cachedToken(browser: Browser): Promise<string> {
  const token = tokens.get(browser) ?? (await browser.token());
  tokens.set(browser, token);
  return token;
}

test('guessing the password within a session is limited too', async () => {
  const { browser } = await atrium.people.signedIn('anna@acme.example');
  await browser.visit('/profile/security/');
  for (let n = 0; n < 10; n++) {
    const values = { current_password: `guess ${n}`, new_password: 'copper window violin' };
    expect((await browser.submit('/profile/password/', values)).status).toBe(422);
  }
  const refused = await browser.submit('/profile/password/', {
    current_password: PASSWORD,
    new_password: 'copper window violin',
  });
  expect(refused.status).toBe(429);
});

test('reset mails to one address are limited, and the latest link stays valid', async () => {
  const bert = await atrium.people.memberOf('Acme', 'bert@acme.example');
  const asked = async (email: string) => atrium.browser().fill('/password-reset/', { email });
  for (let n = 0; n < 8; n++) expect((await asked(bert.email)).status).toBe(303);
  // The queue is first in, first out: when this mail was sent, all earlier jobs are done.
  await asked('anna@acme.example');
  await atrium.mails.expect('anna@acme.example', /password/i);
  const mails = (await atrium.mails.to(bert.email)).filter(({ subject }) =>
    /password/i.test(subject),
  );
  expect(mails).toHaveLength(5);
  const form = await atrium.browser().arrive(linkIn(mails.at(-1)!));
  expect([form.status, form.value('_csrf')]).toEqual([200, expect.any(String)]);
});

const from = (address: string) => atrium.browser().with('X-Forwarded-For', address);

test('all addresses of one IPv6 network are one, and an IPv4 address is the same however it is written', async () => {
  const tries = async (address: string, n: number) =>
    (await guess(`n${n}@x.example`, from(address))).status;
  for (let n = 0; n < 60; n++) {
    expect(await tries(`2001:db8:1:2::${n.toString(16)}`, n)).toBe(422);
    expect(await tries(n % 2 ? '192.0.2.7' : '::ffff:192.0.2.7', 100 + n)).toBe(422);
  }
  expect(await tries('2001:db8:1:2:ffff::1', 60)).toBe(429);
  expect(await tries('::ffff:c000:207', 160)).toBe(429);
  expect(await tries('2001:db8:1:3::1', 61)).toBe(422);
  expect(await tries('192.0.2.8', 161)).toBe(422);
});

test('only wrong passwords count against the account', async () => {
  for (let n = 0; n < 12; n++) {
    const sight = await atrium
      .browser()
      .fill('/login/', { email: 'anna@acme.example', password: PASSWORD });
    expect(sight.status).toBe(303);
    await eventually(async () => (await fewest()) === 0);
  }
  async function fewest() {
    const rows = await atrium.sql<{ hits: number }>('SELECT hits FROM rate_limit ORDER BY hits');
    return rows[0]!.hits;
  }
});

describe('while a stranger keeps guessing at an account,', () => {
  const attack = async (email: string) => {
    for (let n = 0; n < 12; n++) await guess(email, from(`198.51.100.${n}`));
    expect((await guess(email, from('198.51.100.99'))).status).toBe(429);
  };
  const right = (browser: Browser, email: string) =>
    browser.fill('/login/', { email, password: PASSWORD });

  test('its owner signs in with a browser they have used before', async () => {
    const carla = await atrium.people.memberOf('Acme', 'carla@acme.example');
    await carla.browser.post('/logout/');
    await attack(carla.email);
    expect((await right(carla.browser, carla.email)).status).toBe(303);
    expect((await right(atrium.browser(), carla.email)).status).toBe(429);
  });

  test('a browser known to another account does not help', async () => {
    const dirk = await atrium.people.memberOf('Acme', 'dirk@acme.example');
    await attack('anna@acme.example');
    await dirk.browser.post('/logout/');
    expect((await right(dirk.browser, 'anna@acme.example')).status).toBe(429);
  });

  test('a forged device cookie does not help', async () => {
    const id = 'A'.repeat(22);
    await attack('anna@acme.example');
    const forger = atrium.browser();
    forger.agent.jar.setCookie(`atrium_device=${id}.${id}; Path=/`, '127.0.0.1', '/');
    expect((await right(forger, 'anna@acme.example')).status).toBe(429);
  });

  test('a known browser is limited too', async () => {
    const eva = await atrium.people.memberOf('Acme', 'eva@acme.example');
    await eva.browser.post('/logout/');
    for (let n = 0; n < 10; n++) {
      expect((await guess(eva.email, eva.browser)).status).toBe(422);
    }
    expect((await right(eva.browser, eva.email)).status).toBe(429);
  });

  test('its owner can sign in with any browser after a password reset', async () => {
    const finn = await atrium.people.memberOf('Acme', 'finn@acme.example');
    await attack(finn.email);
    const browser = atrium.browser();
    expect((await browser.fill('/password-reset/', { email: finn.email })).status).toBe(303);
    const link = linkIn(await atrium.mails.expect(finn.email, /password/i));
    const chosen = { password: 'copper window violin', password_confirm: 'copper window violin' };
    const page = await browser.arrive(link);
    const action = page.document.querySelector('main form')!.getAttribute('action')!;
    expect((await browser.submit(action, chosen)).status).toBe(303);
    const signedIn = await browser.fill('/login/', {
      email: finn.email,
      password: chosen.password,
    });
    expect(signedIn.status).toBe(303);
  });
});

describe('during an attack from tens of thousands of addresses', () => {
  const rows = async () => {
    const [row] = await atrium.sql<{ count: number }>(
      'SELECT count(*)::int AS count FROM rate_limit',
    );
    return row!.count;
  };

  test('the number of counters is bounded, and those with the most attempts are kept', async () => {
    for (let n = 1; n <= 11; n++) await guess('anna@acme.example');
    const limits = atrium.app.get(RateLimitRepository);
    for (let at = 0; at < MOST_ROWS + 20_000; at += 5_000) {
      const keys = Array.from({ length: 5_000 }, (_, n) => `sign_in address ${at + n}`);
      await limits.hit(keys, 300);
    }
    expect(await rows()).toBeGreaterThan(MOST_ROWS + 10_000);
    await atrium.app.get(Sweeper).sweepAll();
    expect(await rows()).toBe(MOST_ROWS);
    expect((await guess('anna@acme.example')).status).toBe(429);
  }, 120_000);

  test('expired counters are deleted even while every attempt is refused', async () => {
    const limiter = atrium.app.get(RateLimiter);
    let refused = 0;
    const tryFrom = (n: number) => {
      const body = { email: 'anna@acme.example' };
      const request = { ip: `2001:db8:${n.toString(16)}::1`, path: '/login/', body, cookies: {} };
      return limiter.spend('sign_in', request as unknown as Request).catch(() => refused++);
    };
    for (let n = 0; n < 20; n++) await tryFrom(n);
    expect(refused).toBe(10);
    for (let n = 20; n < 4_980; n += 20) {
      await Promise.all(Array.from({ length: 20 }, (_, i) => tryFrom(n + i)));
    }
    expect(refused).toBe(4_970);
    await atrium.sql(
      `UPDATE rate_limit SET resets_at = now() - interval '1 second' WHERE hits = 1`,
    );
    for (let n = 5_000; n < 5_030; n++) await tryFrom(n);
    await eventually(async () => (await rows()) < 100);
  }, 120_000);
});

test('replicas count together', async () => {
  const replica = await atrium.replica();
  try {
    for (let n = 0; n < 10; n++) {
      const browser = n % 2 ? atrium.browser() : new Browser(replica.server);
      expect((await guess('carol@acme.example', browser)).status).toBe(422);
    }
    const other = new Browser(replica.server);
    expect((await guess('carol@acme.example', other)).status).toBe(429);
  } finally {
    await replica.stop();
  }
});
