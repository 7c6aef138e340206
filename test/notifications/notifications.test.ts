import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import { runInContext } from '../../src/core/context/request-context.js';
import { UnitOfWork } from '../../src/core/database/unit-of-work.js';
import { NotificationDigest } from '../../src/notifications/mail/notification-digest.service.js';
import { NotificationRetention } from '../../src/notifications/notification-retention.service.js';
import { Notifications } from '../../src/notifications/notifications.service.js';
import { startApp, type Replica, type TestApp } from '../support/app.js';
import type { Browser } from '../support/browser.js';
import { fakeSmtp } from '../support/fake-smtp.js';
import { PASSWORD, type Person } from '../support/people.js';
import { eventually } from '../support/waiting.js';

let smtp: Awaited<ReturnType<typeof fakeSmtp>>;
let atrium: TestApp;
let replica: Replica;
let anna: Person;
let bob: Person;
let eve: Person;
let count = 0;

const PASSWORDS = { password: PASSWORD, password_confirm: PASSWORD };

beforeAll(async () => {
  smtp = await fakeSmtp();
  atrium = await startApp({ SMTP_URL: `smtp://127.0.0.1:${smtp.port}` });
  replica = await atrium.replica();
  anna = await atrium.people.adminOf('Acme', 'anna@acme.example');
  bob = await atrium.people.memberOf('Acme', 'bob@acme.example');
  eve = await atrium.people.adminOf('Evil', 'eve@evil.example');
  await atrium.sql('UPDATE users SET email_verified_at = now()');
});
afterAll(async () => {
  await replica.stop();
  await atrium.stop();
  await smtp.stop();
});
beforeEach(async () => {
  await atrium.sql('DELETE FROM notification');
  await atrium.sql('DELETE FROM notification_preference');
  // The tests sign in often.
  await atrium.sql(
    `INSERT INTO notification_preference (tenant_id, member_id, channels)
     SELECT tenant_id, id, '{"sign_in.new_device": "off"}' FROM user_profile WHERE tenant_id IS NOT NULL`,
  );
});

/** Lets what has come so far be so much older. */
async function later(interval: string, condition = 'true'): Promise<void> {
  await atrium.sql('ALTER TABLE notification DISABLE TRIGGER stamp_audit');
  await atrium.sql(
    `UPDATE notification SET created_at = created_at - $1::interval WHERE ${condition}`,
    [interval],
  );
  await atrium.sql('ALTER TABLE notification ENABLE TRIGGER stamp_audit');
}

/** Invites somebody new, who accepts. */
async function joins(): Promise<string> {
  const email = `guest${++count}@acme.example`;
  await anna.browser.fill('/settings/users/', { action: 'invite', email, role: 'member' });
  const path = new URL(/https?:\/\/\S+\/invite\/accept\/[\w-]+\//.exec(await mailTo(email))![0])
    .pathname;
  expect((await atrium.browser().press(path, PASSWORDS)).status).toBe(303);
  return email;
}

/** Waits for the latest mail to an address that matches. */
async function mailTo(address: string, matching = /./): Promise<string> {
  const found = () => smtp.to(address).filter(({ body }) => matching.test(body));
  await eventually(() => Promise.resolve(found().length > 0));
  return found().at(-1)!.body;
}

/** Tells somebody that `name` has joined, in the unit of work of a cause. */
function tell({ tenantId, userId }: Person, name: string, cause = () => Promise.resolve()) {
  return runInContext({ tenantId }, () =>
    atrium.app.get(UnitOfWork).run(async () => {
      await atrium.app.get(Notifications).tell([userId], 'member.joined', { name });
      await cause();
    }),
  );
}

const bell = async ({ browser }: { browser: Browser }) =>
  (await browser.visit('/dashboard/')).at('[data-bell-name]');
const list = async ({ browser }: { browser: Browser }) =>
  (await browser.visit('/notifications/')).text;
const rows = () => atrium.sql<{ id: string; kind: string }>('SELECT id, kind FROM notification');

async function chosen({ browser }: Person, kind: string, channel: string): Promise<void> {
  await browser.visit('/profile/notifications/');
  const saved = await browser.submit('/profile/notifications/', { choices: `${kind}=${channel}` });
  expect(saved.location).toBe('/profile/notifications/');
}

describe('A notification', () => {
  test('that a colleague has joined is seen by admins, not by the colleague or by members', async () => {
    const email = await joins();
    expect(await bell(anna)).toBe('Notifications, 1 unread');
    expect(await list(anna)).toContain('accepted the invitation and joined');
    expect(await list(bob)).not.toContain('joined');
    const guest = await atrium.people.signedIn(email);
    expect(await list(guest)).not.toContain('joined');
  });

  test('that a role has changed is seen by whom it is about, in their language', async () => {
    const change = (role: string) =>
      anna.browser.fill('/settings/users/', {
        action: 'set_role',
        profile_id: bob.profileId,
        role,
      });
    await change('admin');
    expect(await list(bob)).toContain('Your role has been changed to Admin');
    await change('member');
    const french = await atrium.people.signedIn('bob@acme.example');
    await french.browser.post('/i18n/setlang/', { language: 'fr-be' });
    expect(await list(french)).toContain('Votre rôle est désormais : Membre');
    await french.browser.post('/i18n/setlang/', { language: 'en' });
    expect(await list(anna)).not.toContain('role');
  });

  test('of a sign-in from a new device comes beside the mail that says so', async () => {
    await chosen(bob, 'sign_in.new_device', 'app');
    const browser = atrium
      .browser()
      .with('User-Agent', 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0');
    await browser.fill('/login/', { email: 'bob@acme.example', password: PASSWORD });
    await eventually(async () => (await rows()).some(({ kind }) => kind === 'sign_in.new_device'));
    expect(await list(bob)).toContain('logged in to your account on a new device: Firefox, Linux');
    const before = smtp.to('bob@acme.example').length;
    await bob.browser.visit('/profile/notifications/');
    const refused = await bob.browser.submit('/profile/notifications/', {
      choices: 'sign_in.new_device=mail',
    });
    expect(refused.status).toBe(422);
    expect(smtp.to('bob@acme.example').length - before).toBeLessThanOrEqual(1);
  });

  test('does not exist when its cause is rolled back', async () => {
    const failed = tell(anna, 'Nobody', () => Promise.reject(new Error('The cause failed')));
    await expect(failed).rejects.toThrow('The cause failed');
    expect(await rows()).toEqual([]);
    expect(await bell(anna)).toBe('Notifications');
  });

  test('is not told outside of a unit of work', async () => {
    const told = atrium.app.get(Notifications).tell([anna.userId], 'member.joined', { name: 'X' });
    await expect(told).rejects.toThrow('in the unit of work of its cause');
  });

  test('is not told to somebody without access, or in another organisation', async () => {
    await atrium.sql('UPDATE user_profile SET is_active = false WHERE id = $1', [bob.profileId]);
    await tell(bob, 'Gus');
    await tell({ ...eve, tenantId: anna.tenantId }, 'Gus');
    await atrium.sql('UPDATE user_profile SET is_active = true WHERE id = $1', [bob.profileId]);
    expect(await rows()).toEqual([]);
  });

  test('is nothing to anybody else', async () => {
    await tell(anna, 'Zoe');
    const [{ id } = { id: '' }] = await rows();
    for (const other of [bob, eve]) {
      expect(await list(other)).not.toContain('Zoe');
      expect((await other.browser.post(`/notifications/${id}/read/`)).status).toBe(404);
      const client = await atrium.api().login(other.email, PASSWORD);
      expect((await client.get('/notifications')).body.items).toEqual([]);
      const patched = await client.send('PATCH', `/notifications/${id}`, { is_read: true });
      expect(patched.status).toBe(404);
    }
    expect(await bell(anna)).toBe('Notifications, 1 unread');
  });

  test('is deleted after 90 days', async () => {
    await tell(anna, 'Old');
    await tell(anna, 'Young');
    await later('91 days', `data ->> 'name' = 'Old'`);
    expect(await atrium.app.get(NotificationRetention).remove()).toBe(1);
    expect(await list(anna)).toContain('Young');
  });
});

describe('The list', () => {
  test('is read in two tabs, one by one and all at once', async () => {
    for (const name of ['Ada', 'Ben', 'Cid']) await tell(anna, name);
    const other = await atrium.people.signedIn('anna@acme.example');
    await eventually(async () => (await list(anna)).includes('Cid'));
    const path = (await anna.browser.visit('/notifications/?show=unread')).document
      .querySelector('form[action$="/read/"][action*="-"]')!
      .getAttribute('action')!;
    await other.browser.visit('/notifications/');
    expect((await anna.browser.submit(path)).location).toBe('/notifications/?show=unread');
    expect((await other.browser.submit(path)).status).toBe(303);
    expect(await bell(other)).toMatch(/unread$/);
    await other.browser.visit('/notifications/');
    await other.browser.submit('/notifications/read/');
    expect(await bell(anna)).toBe('Notifications');
    expect((await anna.browser.visit('/notifications/?show=unread')).text).toContain(
      'You have read everything',
    );
  });

  test('has pages of 25, and says more than 99 where there are', async () => {
    await atrium.sql(
      `INSERT INTO notification (tenant_id, member_id, kind, data)
       SELECT $1, $2, 'member.joined', jsonb_build_object('name', 'Guest ' || n)
       FROM generate_series(1, 120) n`,
      [anna.tenantId, anna.profileId],
    );
    const first = await anna.browser.visit('/notifications/');
    expect(first.document.querySelectorAll('ol > li')).toHaveLength(25);
    expect(first.at('[data-bell-count]')).toBe('99+');
    const next = first.document.querySelector('a[rel="next"]')!.getAttribute('href')!;
    const second = await anna.browser.visit(next);
    expect(second.document.querySelectorAll('ol > li')).toHaveLength(25);
    const client = await atrium.api().login('anna@acme.example', PASSWORD);
    const { body } = await client.get('/notifications?show=unread&limit=100');
    expect(body.items).toHaveLength(100);
    expect(body.next_cursor).toEqual(expect.any(String));
    expect((await client.post('/notifications/read')).status).toBe(204);
    expect((await client.get('/notifications?show=unread')).body.items).toEqual([]);
    const id = body.items[0].id as string;
    const { body: unread } = await client.send('PATCH', `/notifications/${id}`, { is_read: false });
    expect(unread).toMatchObject({ is_read: false, kind: 'member.joined' });
  });
});

/** An open page: what it has heard, and whether it still listens. */
async function listening({ browser }: Person, server: Server) {
  const { port } = server.address() as AddressInfo;
  const heard: Array<{ unread: number; label: string; said: string | null }> = [];
  const state = { heard, isOpen: true };
  const answer = await fetch(`http://127.0.0.1:${port}/notifications/stream`, {
    headers: { accept: 'text/event-stream', cookie: `atrium_session=${browser.cookie('session')}` },
  });
  expect([answer.status, answer.headers.get('content-type')]).toEqual([
    200,
    'text/event-stream; charset=utf-8',
  ]);
  const read = async () => {
    for await (const chunk of answer.body!.pipeThrough(new TextDecoderStream())) {
      for (const [, json] of chunk.matchAll(/^data: (.*)$/gm)) heard.push(JSON.parse(json!));
    }
    state.isOpen = false;
  };
  void read().catch(() => (state.isOpen = false));
  await eventually(() => Promise.resolve(heard.length > 0));
  return state;
}

describe('An open page', () => {
  test('hears of it on another process than told it, and of what is read in another tab', async () => {
    const [here, there] = [
      await listening(anna, atrium.server),
      await listening(anna, replica.server),
    ];
    const bobs = await listening(bob, replica.server);
    await tell(anna, 'Dan');
    for (const { heard } of [here, there]) {
      await eventually(() => Promise.resolve(heard.length > 1));
      expect(heard.at(-1)).toEqual({
        unread: 1,
        label: 'Notifications, 1 unread',
        said: 'New notification: Dan accepted the invitation and joined',
      });
    }
    await anna.browser.visit('/notifications/');
    await anna.browser.submit('/notifications/read/');
    await eventually(() => Promise.resolve(there.heard.length > 2));
    expect(there.heard.at(-1)).toEqual({ unread: 0, label: 'Notifications', said: null });
    expect(bobs.heard).toHaveLength(1);
  });

  test('does not keep the session from ending, and hears nothing once it has ended', async () => {
    const { browser, ...person } = await atrium.people.signedIn('anna@acme.example');
    const [session] = await atrium.sql<{ id: string }>(
      `UPDATE session SET last_seen_at = now() - interval '1 hour' WHERE id =
         (SELECT id FROM session WHERE user_id = $1 ORDER BY created_at DESC LIMIT 1) RETURNING id`,
      [person.userId],
    );
    const page = await listening({ browser, ...person }, atrium.server);
    await atrium.sql('UPDATE session SET ended_at = now() WHERE id = $1', [session!.id]);
    await tell(anna, 'Eli');
    await eventually(() => Promise.resolve(!page.isOpen));
    expect(page.heard).toHaveLength(1);
    const seen = await atrium.sql(
      `SELECT FROM session WHERE id = $1 AND last_seen_at < now() - interval '59 minutes'`,
      [session!.id],
    );
    expect(seen).toHaveLength(1);
  });

  test('is asked for as a stream of events, and not again where nobody is signed in', async () => {
    expect((await anna.browser.visit('/notifications/stream')).status).toBe(406);
    const visitor = atrium.browser().with('Accept', 'text/event-stream');
    expect((await visitor.visit('/notifications/stream')).status).toBe(204);
  });
});

describe('Whoever chooses', () => {
  test('nothing in the app is told nothing, and the choice is the same in the API', async () => {
    await chosen(anna, 'member.joined', 'off');
    await tell(anna, 'Fay');
    expect(await rows()).toEqual([]);
    const client = await atrium.api().login('anna@acme.example', PASSWORD);
    const { body } = await client.get('/notifications/preferences');
    expect(body.items).toContainEqual({
      kind: 'member.joined',
      label: 'Somebody joins your organisation',
      channel: 'off',
      channels: ['app', 'mail', 'digest', 'off'],
      is_mailed: false,
    });
    const device = await client.send('PATCH', '/notifications/preferences/sign_in.new_device', {
      channel: 'digest',
    });
    expect(device.status).toBe(422);
  });

  test('a mail gets it at once, and ends such mails by one click without a session', async () => {
    await chosen(anna, 'member.joined', 'mail');
    await tell(anna, 'Gil');
    const mail = await mailTo('anna@acme.example', /Gil/);
    expect(mail).toContain('Gil accepted the invitation and joined');
    expect(mail).toMatch(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click$/m);
    const url = /^List-Unsubscribe:\s*<(\S+)>$/m.exec(mail)![1]!;
    const { port } = atrium.server.address() as AddressInfo;
    const link = `http://127.0.0.1:${port}${new URL(url).pathname}`;
    const channel = async () =>
      (
        await atrium.sql<{ channels: Record<string, string> }>(
          'SELECT channels FROM notification_preference WHERE member_id = $1',
          [anna.profileId],
        )
      )[0]!.channels['member.joined'];
    const page = await fetch(link);
    expect([page.status, await channel()]).toEqual([200, 'mail']);
    const posted = await fetch(link, {
      method: 'POST',
      body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }),
    });
    expect([posted.status, await channel()]).toEqual([200, 'app']);
    await tell(anna, 'Hal');
    expect(await list(anna)).toContain('Hal');
    expect(smtp.to('anna@acme.example').filter(({ body }) => body.includes('Hal'))).toEqual([]);
    // The first character of the signature: bits of the last one may be no part of it.
    const other = (_: string, first: string) => `.${first === 'A' ? 'B' : 'A'}`;
    const forged = link.replace(/\.([\w-])(?=[\w-]+\/$)/, other);
    expect(forged).not.toBe(link);
    expect((await fetch(forged, { method: 'POST' })).status).toBe(404);
  });

  test('the digest gets one mail in the morning, whichever worker sends it', async () => {
    await atrium.sql(
      `UPDATE user_profile SET timezone_id = (SELECT id FROM timezone
         WHERE (now() AT TIME ZONE name)::time BETWEEN '08:00' AND '22:00' LIMIT 1) WHERE id = $1`,
      [anna.profileId],
    );
    await chosen(anna, 'member.joined', 'digest');
    for (const name of ['Ida', 'Jon', 'Kim']) await tell(anna, name);
    const client = await atrium.api().login('anna@acme.example', PASSWORD);
    const { body } = await client.get('/notifications');
    await client.send('PATCH', `/notifications/${body.items[0].id}`, { is_read: true });
    const digests = () =>
      smtp.to('anna@acme.example').filter(({ body }) => /since yesterday/.test(body));
    const send = () =>
      Promise.all([atrium, replica].map(({ app }) => app.get(NotificationDigest).sendDue()));
    await send();
    expect(await rows()).toHaveLength(3);
    await later('1 day');
    await send();
    await eventually(() => Promise.resolve(digests().length > 0));
    await tell(anna, 'Leo');
    await later('1 day');
    await send();
    // What comes later that day waits for the next one.
    const waiting = await atrium.sql(
      `SELECT data ->> 'name' AS name FROM notification WHERE awaits_digest`,
    );
    expect(waiting).toEqual([{ name: 'Leo' }]);
    expect(digests()).toHaveLength(1);
    const mail = digests()[0]!.body;
    expect(mail).toContain('Ida accepted');
    expect(mail).toContain('Jon accepted');
    expect(mail).not.toContain('Kim');
    const url = /^List-Unsubscribe:\s*<(\S+)>$/m.exec(mail)![1]!;
    const stopped = await atrium.browser().press(new URL(url).pathname);
    expect(stopped.at('h1')).toBe('You will not receive these mails any more');
    await atrium.sql('UPDATE notification_preference SET digested_on = NULL');
    await send();
    expect(await atrium.sql('SELECT FROM notification WHERE awaits_digest')).toEqual([]);
    expect(digests()).toHaveLength(1);
  });
});
