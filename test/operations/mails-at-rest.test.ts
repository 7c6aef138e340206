import { readConfig } from '../../src/core/config/read-config.js';
import { MailEncryption } from '../../src/core/mail/mail-encryption.js';
import type { EncryptedMailJob } from '../../src/core/jobs/queues.js';
import { startApp, type TestApp } from '../support/app.js';
import type { Browser } from '../support/browser.js';
import { PASSWORD } from '../support/people.js';
import { eventually } from '../support/waiting.js';

const TOKEN = /[\w-]{43}/g;

/** Causes every mail over HTTP. Returns the tokens of verification, reset, change and invitation. */
async function causeMails(atrium: TestApp): Promise<void> {
  const { browser } = await atrium.people.adminOf('Acme', 'anna@acme.example');
  await invite(browser, 'guest@acme.example');
  const change = { email: 'anna@other.example', password: PASSWORD };
  await browser.visit('/profile/');
  expect((await browser.submit('/profile/email/', change)).status).toBe(303);
  await atrium.browser().fill('/password-reset/', { email: 'anna@acme.example' });
  await atrium.people.memberOf('Acme', 'bert@acme.example');
}

async function invite(browser: Browser, email: string): Promise<void> {
  const sight = await browser.fill('/settings/users/', { action: 'invite', email, role: 'member' });
  expect(sight.status).toBe(303);
}

/** The tables, partitions too, where a row reads `text`, as it is or as bytes. */
async function tablesWith(atrium: TestApp, text: string): Promise<string[]> {
  const tables = await atrium.sql<{ name: string }>(
    `SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
     WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')`,
  );
  expect(tables.length).toBeGreaterThan(30);
  const spellings = [text, Buffer.from(text).toString('hex')];
  const found: string[] = [];
  for (const { name } of tables) {
    const rows = await atrium.sql(
      `SELECT 1 FROM ${name} t WHERE EXISTS (
         SELECT FROM unnest($1::text[]) AS s WHERE position(s IN t::text) > 0) LIMIT 1`,
      [spellings],
    );
    if (rows.length > 0) found.push(name);
  }
  return found;
}

async function expectNowhere(atrium: TestApp, tokens: Set<string>): Promise<void> {
  for (const token of tokens) expect(await tablesWith(atrium, token)).toEqual([]);
}

describe('where a mail server does not answer', () => {
  let atrium: TestApp;
  beforeAll(async () => {
    atrium = await startApp({ SMTP_URL: 'smtp://127.0.0.1:1' });
    await causeMails(atrium);
  });
  afterAll(() => atrium.stop());

  const jobs = async () => {
    const rows = await atrium.sql<{ data: { data: EncryptedMailJob } }>(
      `SELECT data FROM pgboss.job WHERE name IN ('mail', 'dead-letters')`,
    );
    return rows.map(({ data }) => data.data);
  };

  test('no table holds a link that works, neither in a job that waits nor in one that was given up', async () => {
    await eventually(async () => (await jobs()).some(({ kind }) => kind === 'password-reset'));
    const encryption = new MailEncryption(atrium.config);
    const opened = (await jobs()).map((job) => encryption.decryptJob(job));
    const kinds = ['email-change-confirm', 'invitation', 'password-reset', 'verify-email'];
    expect([...new Set(opened.map(({ template }) => template))].sort()).toEqual(
      expect.arrayContaining(kinds),
    );
    const tokens = new Set(opened.flatMap(({ model }) => JSON.stringify(model).match(TOKEN) ?? []));
    expect(tokens.size).toBeGreaterThanOrEqual(kinds.length);
    await expectNowhere(atrium, tokens);

    await atrium.sql(`INSERT INTO pgboss.job (name, data, source_name, keep_until)
      SELECT 'dead-letters', data, name, now() + interval '1 day' FROM pgboss.job
      WHERE name = 'mail' LIMIT 3`);
    await expectNowhere(atrium, tokens);
  }, 60_000);
});

describe('where there is no mail server', () => {
  let atrium: TestApp;
  beforeAll(async () => {
    atrium = await startApp();
    await causeMails(atrium);
  });
  afterAll(() => atrium.stop());

  test('no table holds a link that works, neither in a kept mail nor in a job that is done', async () => {
    const mails = await Promise.all([
      atrium.mails.expect('anna@acme.example', /password-reset\/confirm/),
      atrium.mails.expect('anna@other.example'),
      atrium.mails.expect('guest@acme.example'),
      atrium.mails.expect('bert@acme.example'),
    ]);
    const tokens = new Set(mails.flatMap(({ text }) => text.match(TOKEN) ?? []));
    expect(tokens.size).toBe(4);
    await expectNowhere(atrium, tokens);
    const kept = await atrium.sql<{ text: string }>(
      `SELECT text FROM kept_mail WHERE "to" = 'guest@acme.example'`,
    );
    expect(kept[0]!.text).toContain('http://atrium.test/invite/accept/…');
  }, 60_000);

  test('a job of the version before is delivered', async () => {
    await atrium.sql(`INSERT INTO pgboss.job (name, data) VALUES ('mail', $1)`, [
      {
        scope: { tenantId: null, actorId: null, locale: 'en', requestId: '-' },
        data: {
          to: 'early@acme.example',
          template: 'password-changed',
          model: { url: 'http://atrium.test/password-reset/' },
        },
      },
    ]);
    const mail = await atrium.mails.expect('early@acme.example');
    expect(mail.text).toContain('http://atrium.test/password-reset/');
  });
});

test('a mail that was encrypted with another secret is not sent without its link, but stays', () => {
  const withSecret = (APP_SECRET: string) =>
    new MailEncryption(readConfig({ NODE_ENV: 'test', APP_SECRET }));
  const [before, after] = [withSecret('a'.repeat(31) + 'b'), withSecret('c'.repeat(31) + 'd')];
  const job = before.encryptJob({ to: 'anna@acme.example', template: 'invitation', model: {} });
  expect(() => after.decryptJob(job)).toThrow('encrypted with another APP_SECRET');
  expect(before.decryptJob(job)).toMatchObject({ template: 'invitation' });
  expect(() => before.decryptJob({ ...job, to: 'evil@x.example' })).toThrow('another APP_SECRET');
});
