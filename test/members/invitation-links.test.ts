import { startApp, type TestApp } from '../support/app.js';
import type { ApiClient } from '../support/api.js';
import { linkIn } from '../support/mailbox.js';
import { PASSWORD, type Person } from '../support/people.js';

let atrium: TestApp;
let anna: Person;
let api: ApiClient;

beforeAll(async () => {
  atrium = await startApp();
  anna = await atrium.people.adminOf('Acme', 'anna@acme.test');
  await atrium.people.adminOf('Globex', 'gina@globex.test');
  api = await atrium.api().login(anna.email, PASSWORD);
});
afterAll(() => atrium.stop());

const passwords = { password: PASSWORD, password_confirm: PASSWORD };

interface Made {
  id: string;
  url: string;
  path: string;
}

async function made(details: object = {}): Promise<Made> {
  const { status, body } = await api.post('/invitation-links', {
    max_uses: 5,
    days: 7,
    ...details,
  });
  expect(status).toBe(201);
  return { ...(body as Made), path: new URL((body as Made).url).pathname };
}

/** Opens the link as a stranger, gives an address, and returns what the page says. */
const ask = (path: string, email: string) => atrium.browser().fill(path, { email });

async function asked(path: string, email: string): Promise<string> {
  expect((await ask(path, email)).at('h1')).toBe('Check your mail');
  return linkIn(await atrium.mails.expect(email, /invite/));
}

async function joins(mailed: string): Promise<number> {
  const browser = atrium.browser();
  await browser.visit(mailed);
  return (await browser.submit(mailed, passwords)).status;
}

const member = async (email: string) => {
  const [row] = await atrium.sql<{ role: string; organization: string; verified: boolean }>(
    `SELECT p.role, t.organization, u.email_verified_at IS NOT NULL AS verified
     FROM users u JOIN user_profile p ON p.user_id = u.id JOIN tenant t ON t.id = p.tenant_id
     WHERE u.email = $1`,
    [email],
  );
  return row;
};

const uses = async (id: string) => {
  const [row] = await atrium.sql<{ uses: number }>(
    'SELECT uses FROM invitation_link WHERE id = $1',
    [id],
  );
  return row!.uses;
};

describe('An admin', () => {
  test('makes a link on the page, sees its address once, and revokes it', async () => {
    const page = await anna.browser.fill('/settings/users/links/', {
      role: 'member',
      domains: 'Acme.test, @team.acme.test',
      max_uses: '3',
      days: '30',
    });
    const url = page.at('main code');
    expect(url).toMatch(/^http:\/\/atrium\.test\/invite\/link\/[\w-]{43}\/$/);
    const again = await anna.browser.visit('/settings/users/links/');
    expect(again.response.text.includes(new URL(url).pathname)).toBe(false);
    expect(again.at('[data-link]')).toMatch(
      /acme\.test, team\.acme\.test.*Member.*0 of 3.*Works until/,
    );
    const [row] = await atrium.sql<{ id: string; text: string; days: number }>(
      `SELECT id, k::text AS text, round(extract(epoch FROM expires_at - now()) / 86400)::int AS days
       FROM invitation_link k ORDER BY created_at DESC LIMIT 1`,
    );
    expect([row!.text.includes(url.split('/').at(-2)!), row!.days]).toEqual([false, 30]);
    const path = `/settings/users/links/${row!.id}/revoke/`;
    expect((await anna.browser.submit(path)).location).toBe('/settings/users/links/');
    expect((await atrium.browser().visit(new URL(url).pathname)).status).toBe(400);
    const trail = await atrium.sql<{ action: string }>(
      `SELECT action FROM audit_entry WHERE subject_id = $1 ORDER BY action`,
      [row!.id],
    );
    expect(trail.map(({ action }) => action)).toEqual([
      'invitation_link.created',
      'invitation_link.revoked',
    ]);
  });

  test('is told what is wrong, with what was typed', async () => {
    for (const [values, field, told] of [
      [{ domains: 'gmail.com' }, 'domains', 'Anybody can have an address of this mail provider.'],
      [{ domains: 'mail.yahoo.co.uk' }, 'domains', 'Anybody can have an address of this mail'],
      [{ domains: 'no domain' }, 'domains', 'Enter domains such as acme.example.'],
      [{ max_uses: '0' }, 'max_uses', '1'],
      [{ max_uses: '1001' }, 'max_uses', '1'],
      [{ days: '31' }, 'days', '30'],
    ] as const) {
      const page = await anna.browser.fill('/settings/users/links/', {
        ...{ max_uses: '3', days: '7' },
        ...values,
      });
      expect([page.status, page.errorOf(field).includes(told)]).toEqual([422, true]);
      expect(page.value(field)).toBe(Object.values(values)[0]);
    }
  });

  test('has 20 at most that work', async () => {
    const before = (await api.get('/invitation-links')).body.items.filter(
      ({ state }: { state: string }) => state === 'live',
    ).length;
    const ids: string[] = [];
    for (let count = before; count < 20; count++) ids.push((await made()).id);
    const more = await api.post('/invitation-links', { max_uses: 5, days: 7 });
    expect(more.status).toBe(409);
    for (const id of ids) await api.send('DELETE', `/invitation-links/${id}`);
  });
});

describe('Somebody who has the link', () => {
  test('gives an address, proves it by mail, and joins with the role of the link', async () => {
    const { id, path } = await made({ domains: ['acme.test'] });
    const page = await atrium.browser().visit(path);
    expect([page.status, page.at('h1')]).toEqual([200, 'Join Acme']);
    const mailed = await asked(path, 'new.one@acme.test');
    expect([await member('new.one@acme.test'), await uses(id)]).toEqual([undefined, 0]);
    expect(await joins(mailed)).toBe(303);
    expect(await member('new.one@acme.test')).toEqual({
      ...{ role: 'member', organization: 'Acme', verified: true },
    });
    expect(await uses(id)).toBe(1);
  });

  test('has an address of the domains that it is for', async () => {
    const { path } = await made({ domains: ['acme.test'] });
    for (const email of ['x@sub.acme.test', 'x@notacme.test', 'x@globex.test']) {
      const page = await ask(path, email);
      const told = page.errorOf('email').includes('This link is for addresses of acme.test.');
      expect([page.status, told]).toEqual([422, true]);
      expect(await atrium.mails.to(email)).toEqual([]);
    }
  });

  test('learns nothing of accounts: the answer is the same, and who belongs somewhere gets no mail', async () => {
    const { path } = await made();
    const known = await ask(path, 'gina@globex.test');
    const unknown = await ask(path, 'nobody@known.test');
    const page = (text: string) => text.replace(/\S+@\S+\.test/g, '…').replace(/Reference.*/, '');
    expect(page(known.text)).toBe(page(unknown.text));
    await atrium.mails.expect('nobody@known.test');
    const mailed = await atrium.mails.to('gina@globex.test');
    expect(mailed.filter(({ subject }) => /invite/.test(subject))).toEqual([]);
  });

  test('may ask again; the last mail counts, and an address gets three an hour', async () => {
    const strict = await startApp({ RATE_LIMIT_MULTIPLIER: '1' });
    try {
      const { browser } = await strict.people.adminOf('Strict', 'admin@strict.test');
      const page = await browser.fill('/settings/users/links/', { max_uses: '5', days: '7' });
      const { pathname } = new URL(page.at('main code'));
      for (let times = 0; times < 5; times++) {
        const said = await strict.browser().fill(pathname, { email: 'again@guest.test' });
        expect(said.at('h1')).toBe('Check your mail');
      }
      await strict.mails.expect('again@guest.test', /invite/, 3);
      const links = (await strict.mails.to('again@guest.test')).map(linkIn);
      expect(links.length).toBe(3);
      const pages = await Promise.all(links.map((link) => strict.browser().visit(link)));
      expect(pages.map(({ status }) => status).sort()).toEqual([200, 400, 400]);
    } finally {
      await strict.stop();
    }
  });

  test('does not take the last use together with somebody else', async () => {
    const { id, path } = await made({ max_uses: 1 });
    const mailed = [await asked(path, 'r1@race.test'), await asked(path, 'r2@race.test')];
    const browsers = mailed.map(() => atrium.browser());
    await Promise.all(browsers.map((browser, who) => browser.visit(mailed[who]!)));
    const answers = await Promise.all(
      browsers.map((browser, who) => browser.submit(mailed[who]!, passwords)),
    );
    const statuses = answers.map(({ status }) => status);
    expect(statuses.sort()).toEqual([303, 400]);
    expect(await uses(id)).toBe(1);
    const joined = await Promise.all(['r1@race.test', 'r2@race.test'].map(member));
    expect(joined.filter(Boolean).length).toBe(1);
    expect((await atrium.browser().visit(path)).status).toBe(400);
  });

  test('finds it dead once it is revoked or over, and so is the mail that was sent', async () => {
    const revoked = await made();
    const mailed = await asked(revoked.path, 'late@guest.test');
    expect((await api.send('DELETE', `/invitation-links/${revoked.id}`)).status).toBe(204);
    expect((await api.send('DELETE', `/invitation-links/${revoked.id}`)).status).toBe(204);
    expect((await atrium.browser().visit(revoked.path)).status).toBe(400);
    expect((await atrium.browser().visit(mailed)).status).toBe(400);
    const over = await made();
    const mailedBefore = await asked(over.path, 'over@guest.test');
    await atrium.sql(`UPDATE invitation_link SET expires_at = now() WHERE id = $1`, [over.id]);
    expect((await atrium.browser().visit(over.path)).status).toBe(400);
    expect((await atrium.browser().visit(mailedBefore)).status).toBe(400);
    expect((await atrium.browser().visit('/invite/link/nonsense/')).status).toBe(400);
  });
});

describe('Another organisation', () => {
  test('neither sees nor revokes the links', async () => {
    const { id, path } = await made();
    const other = await atrium.api().login('gina@globex.test', PASSWORD);
    expect((await other.get('/invitation-links')).body.items).toEqual([]);
    expect((await other.send('DELETE', `/invitation-links/${id}`)).status).toBe(404);
    expect((await atrium.browser().visit(path)).status).toBe(200);
  });

  test('and a key without the scope makes none', async () => {
    const key = await atrium.people.keyOf('Acme', ['members:read']);
    const machine = atrium.api().showing(key);
    expect((await machine.post('/invitation-links', { max_uses: 1, days: 1 })).status).toBe(403);
  });
});
