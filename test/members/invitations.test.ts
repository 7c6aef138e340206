import { startApp, type TestApp } from '../support/app.js';
import { linkIn } from '../support/mailbox.js';
import { PASSWORD, type Person } from '../support/people.js';

let atrium: TestApp;
let anna: Person;

beforeAll(async () => {
  atrium = await startApp();
  anna = await atrium.people.adminOf('Acme', 'anna@acme.test');
});
afterAll(() => atrium.stop());

const invite = (email: string, role = 'member', by: Person = anna) =>
  by.browser.fill('/settings/users/', { action: 'invite', email, role });

const passwords = { password: PASSWORD, password_confirm: PASSWORD };

/** Invites, and returns the path of the link that was mailed last. */
async function invited(email: string, role = 'member', by: Person = anna): Promise<string> {
  const sent = await atrium.sql('SELECT FROM invitation WHERE email = $1', [email]);
  const answer = await invite(email, role, by);
  expect([answer.status, answer.location]).toEqual([303, '/settings/users/']);
  return linkIn(await atrium.mails.expect(email, /invite/, sent.length + 1));
}

async function invitationOf(email: string): Promise<{ id: string; state: string; hash: string }> {
  const [row] = await atrium.sql<{ id: string; state: string; hash: string }>(
    `SELECT id, state, encode(token_hash, 'hex') AS hash FROM invitation
     WHERE email = $1 ORDER BY created_at DESC LIMIT 1`,
    [email],
  );
  return row!;
}

const memberships = (email: string) =>
  atrium.sql(
    `SELECT t.organization, p.role, p.profile_completed_at IS NOT NULL AS completed,
       u.email_verified_at IS NOT NULL AS verified
     FROM users u JOIN user_profile p ON p.user_id = u.id LEFT JOIN tenant t ON t.id = p.tenant_id
     WHERE u.email = $1`,
    [email],
  );

test.each([
  ['of their browser where the organisation has none', null, 'Europe/Brussels', 'Europe/Brussels'],
  ['of the organisation where it has one', 'America/Toronto', 'Europe/Brussels', 'America/Toronto'],
  ['of nobody where the browser names none that exists', null, 'Moon/Crater', undefined],
  ['of nobody where the browser sends something else', null, "' OR 1=1 --", undefined],
])('who accepts without an account begins with the time zone %s', async (_, of, sent, zone) => {
  const email = `zone${++zones}@example.test`;
  await atrium.sql(
    'UPDATE tenant SET timezone_id = (SELECT id FROM timezone WHERE name = $1) WHERE id = $2',
    [of, anna.tenantId],
  );
  const visitor = atrium.browser();
  const joined = await visitor.fill(await invited(email), { ...passwords, tz_detect: sent });
  expect([joined.status, joined.location]).toEqual([303, '/profile/']);
  expect((await visitor.visit('/profile/')).value('timezone') || undefined).toBe(zone);
});
let zones = 0;

describe('An admin invites', () => {
  test('somebody, who gets a mail that names who and where, and is shown as invited', async () => {
    const answer = await invite('New.Person@Example.test');
    const page = await anna.browser.follow(answer);
    expect(page.text).toContain('The invitation to new.person@example.test is on its way.');
    expect(page.at('[data-invitation]')).toMatch(/new\.person@example\.test.*Member.*Works until/);
    const mail = await atrium.mails.expect('new.person@example.test');
    expect(mail.subject).toBe('Anna invites you to Acme');
    expect(mail.text).toMatch(/http:\/\/atrium\.test\/invite\/accept\/[\w-]{43}\//);
  });

  test('and the link is kept only as a hash, for seven days', async () => {
    const path = await invited('hashed@example.test');
    const [row] = await atrium.sql<{ days: number; text: string; invited_by_id: string }>(
      `SELECT round(extract(epoch FROM expires_at - now()) / 86400)::int AS days, invited_by_id,
         invitation::text AS text FROM invitation WHERE email = 'hashed@example.test'`,
    );
    expect(row!.days).toBe(7);
    expect(row!.invited_by_id).toBe(anna.userId);
    expect(row!.text).not.toContain(path.split('/')[3]);
  });

  test('several at once, however they are separated; each is answered for itself', async () => {
    await invite('twice@example.test');
    const answer = await invite(
      'a1@example.test, a2@example.test;a3@example.test\n a4@example.test A1@example.test not-one twice@example.test anna@acme.test',
    );
    expect(answer.status).toBe(422);
    expect(answer.errorOf('email')).toContain('not-one is not an e-mail address.');
    expect(answer.errorOf('email')).toContain('twice@example.test already has an invitation.');
    expect(answer.errorOf('email')).toContain('anna@acme.test already belongs to an organisation.');
    expect(answer.at('textarea').split(/\s+/)).toHaveLength(3);
    for (const number of [1, 2, 3, 4]) await atrium.mails.expect(`a${number}@example.test`);
    expect(await atrium.mails.to('a1@example.test')).toHaveLength(1);
    expect(await atrium.mails.to('twice@example.test')).toHaveLength(1);
  });

  test('and two who invite the same address at once send one invitation', async () => {
    const bea = await atrium.people.adminOf('Acme', 'bea@acme.test');
    const answers = await Promise.all(
      [anna, bea, anna, bea].map((by) =>
        by.browser.post('/settings/users/', {
          action: 'invite',
          email: 'rush@example.test',
          role: 'member',
        }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 422, 422, 422]);
  });

  test('but not an address that belongs to any organisation; which one is not said', async () => {
    await atrium.people.memberOf('Globex', 'gina@globex.test');
    const elsewhere = await invite('gina@globex.test');
    const here = await invite('anna@acme.test');
    expect([elsewhere.status, here.status]).toEqual([422, 422]);
    expect(elsewhere.errorOf('email').replace('gina@globex.test', '…')).toBe(
      here.errorOf('email').replace('anna@acme.test', '…'),
    );
    expect(elsewhere.text).not.toContain('Globex');
  });

  test('but not twice: sending it again is offered', async () => {
    await invite('again@example.test');
    const refused = await invite('again@example.test');
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('You can send it again.');
    const { id } = await invitationOf('again@example.test');
    expect(refused.response.text).toContain(`name="invitation_id" value="${id}"`);
  });

  test('and neither nonsense nor nothing is invited', async () => {
    for (const email of [
      '',
      ' , ;',
      'no address',
      '<script>@x',
      'x'.repeat(300) + '@example.test',
    ]) {
      expect((await invite(email)).status).toBe(422);
    }
    const many = Array.from({ length: 101 }, (_, i) => `many${i}@example.test`).join(' ');
    expect((await invite(many)).errorOf('email')).toContain('at most 100');
    expect((await invite('ok@example.test', 'owner')).status).toBe(422);
  });
});

describe('The link', () => {
  test('dies when the invitation is sent again; the new one works', async () => {
    const old = await invited('resent@example.test');
    const { id } = await invitationOf('resent@example.test');
    const answer = await anna.browser.post('/settings/users/', {
      action: 'resend',
      invitation_id: id,
    });
    expect(answer.status).toBe(303);
    const fresh = linkIn(await atrium.mails.expect('resent@example.test', /invite/, 2));
    expect((await atrium.browser().visit(old)).status).toBe(400);
    expect((await atrium.browser().visit(fresh)).status).toBe(200);
  });

  test('opens nothing once it is cancelled; cancelling twice is no error', async () => {
    const path = await invited('cancelled@example.test');
    const { id } = await invitationOf('cancelled@example.test');
    for (let times = 0; times < 2; times++) {
      const cancel = { action: 'cancel', invitation_id: id };
      expect((await anna.browser.post('/settings/users/', cancel)).status).toBe(303);
    }
    const page = await atrium.browser().visit(path);
    expect([page.status, page.at('h1')]).toEqual([400, 'This link no longer works']);
    expect((await atrium.browser().post(path, passwords)).status).toBe(400);
    expect(await memberships('cancelled@example.test')).toEqual([]);
    const again = { action: 'resend', invitation_id: id };
    expect((await anna.browser.post('/settings/users/', again)).status).toBe(422);
  });

  test('opens nothing after seven days; the address can be invited again', async () => {
    const path = await invited('late@example.test');
    await atrium.sql(
      `UPDATE invitation SET expires_at = now() - interval '1 second' WHERE email = 'late@example.test'`,
    );
    expect((await atrium.browser().visit(path)).status).toBe(400);
    expect((await atrium.browser().post(path, passwords)).status).toBe(400);
    expect((await anna.browser.visit('/settings/users/?state=invited&q=late@')).text).toContain(
      'Expired',
    );
    const fresh = await invite('late@example.test');
    expect(fresh.status).toBe(303);
    expect(
      await atrium.sql(
        `SELECT state FROM invitation WHERE email = 'late@example.test' ORDER BY created_at`,
      ),
    ).toEqual([{ state: 'expired' }, { state: 'pending' }]);
  });

  test('of nobody is an invalid link, whatever it looks like', async () => {
    for (const token of ['x', 'a'.repeat(43), '%00', "'; DROP TABLE users;--", '..%2f..', '😀']) {
      const path = `/invite/accept/${encodeURIComponent(token)}/`;
      expect((await atrium.browser().visit(path)).status).toBe(400);
      expect((await atrium.browser().post(path, passwords)).status).toBe(400);
    }
  });
});

describe('Somebody without an account', () => {
  test('chooses a password twice and is in: verified, complete, signed in, welcomed', async () => {
    await atrium.sql(
      `UPDATE tenant SET timezone_id = (SELECT id FROM timezone WHERE name = 'Europe/Brussels')
       WHERE organization = 'Acme'`,
    );
    const path = await invited('fresh.face@example.test', 'admin');
    const visitor = atrium.browser();
    const page = await visitor.visit(path);
    expect(page.at('h1')).toBe('Join Acme');
    expect(page.text).toContain('fresh.face@example.test');
    const answer = await visitor.submit(path, passwords);
    expect([answer.status, answer.location]).toEqual([303, '/profile/']);
    const profile = await visitor.follow(answer);
    expect([profile.status, profile.at('h1')]).toEqual([200, 'Profile']);
    expect(profile.text).toContain('Welcome to Acme!');
    expect(profile.value('timezone')).toBe('Europe/Brussels');
    expect(await memberships('fresh.face@example.test')).toEqual([
      { organization: 'Acme', role: 'admin', completed: true, verified: true },
    ]);
    expect((await visitor.visit('/settings/users/')).status).toBe(200);
  });

  test('reads in the language of the organisation from then on, whatever the browser asks for', async () => {
    const gil = await atrium.people.adminOf('Gilles', 'gil@gilles.test');
    await gil.browser.fill('/settings/general/', { organization: 'Gilles', language: 'fr' });
    const path = await invited('louise@example.test', 'member', gil);
    const visitor = atrium.browser();
    expect((await visitor.visit(path)).at('h1')).toBe('Join Gilles');
    const profile = await visitor.follow(await visitor.submit(path, passwords));
    expect(profile.at('h1')).toBe('Profil');
  });

  test('is told what is wrong with the password, and may try again', async () => {
    const path = await invited('slow@example.test');
    const visitor = atrium.browser();
    const differs = await visitor.fill(path, {
      password: PASSWORD,
      password_confirm: 'another one',
    });
    expect(differs.status).toBe(422);
    expect(differs.errorOf('password_confirm')).toContain('not the same');
    const short = await visitor.submit(path, { password: 'short', password_confirm: 'short' });
    expect(short.errorOf('password')).toContain('at least 12');
    expect((await visitor.submit(path, {})).status).toBe(422);
    expect(await memberships('slow@example.test')).toEqual([]);
    expect((await visitor.submit(path, passwords)).status).toBe(303);
  });

  test('finds "already accepted" behind a used link', async () => {
    const path = await invited('used@example.test');
    const visitor = atrium.browser();
    await visitor.fill(path, passwords);
    for (const browser of [visitor, atrium.browser()]) {
      const page = await browser.visit(path);
      expect([page.status, page.at('h1')]).toEqual([
        200,
        'This invitation has already been accepted',
      ]);
      expect((await browser.post(path, passwords)).status).toBe(200);
    }
    expect(await memberships('used@example.test')).toHaveLength(1);
  });

  test('becomes one member, when the form is sent eight times at once', async () => {
    const path = await invited('race@example.test');
    const visitors = Array.from({ length: 8 }, () => atrium.browser());
    await Promise.all(visitors.map((visitor) => visitor.visit(path)));
    const answers = await Promise.all(visitors.map((visitor) => visitor.submit(path, passwords)));
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([200, 200, 200, 200, 200, 200, 200, 303]);
    expect(await memberships('race@example.test')).toHaveLength(1);
  });

  test('is nowhere by opening a link only', async () => {
    const path = await invited('looker@example.test');
    await atrium.browser().visit(path);
    expect(await memberships('looker@example.test')).toEqual([]);
    expect((await invitationOf('looker@example.test')).state).toBe('pending');
  });
});

describe('Somebody with an account and no organisation', () => {
  test('is asked to sign in, comes back, and accepts with a button', async () => {
    const nico = await atrium.people.newcomer('nico@example.test');
    const path = await invited('nico@example.test');
    const visitor = atrium.browser();
    const page = await visitor.visit(path);
    const login = page.document.querySelector('a[href^="/login/?next="]')!.getAttribute('href')!;
    expect(login).toBe(`/login/?next=${encodeURIComponent(path)}`);
    expect((await visitor.post(path, passwords)).status).toBe(409);

    await visitor.visit(login);
    const signedIn = await visitor.submit('/login/', { email: nico.email, password: PASSWORD });
    expect(signedIn.location).toBe(path);
    await visitor.follow(signedIn);
    expect(await memberships('nico@example.test')).toMatchObject([{ organization: null }]);
    const answer = await visitor.submit(path);
    expect([answer.status, answer.location]).toEqual([303, '/profile/']);
    expect(await memberships('nico@example.test')).toMatchObject([
      { organization: 'Acme', role: 'member', verified: true },
    ]);
  });

  test('joins once, however often the button is pressed at once', async () => {
    const olga = await atrium.people.newcomer('olga@example.test');
    const path = await invited('olga@example.test', 'admin');
    const tabs = await Promise.all(
      Array.from({ length: 8 }, () => atrium.people.signedIn(olga.email)),
    );
    const answers = await Promise.all(tabs.map(({ browser }) => browser.post(path)));
    expect(answers.filter(({ status }) => status === 303)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(7);
    expect(await memberships('olga@example.test')).toMatchObject([
      { organization: 'Acme', role: 'admin' },
    ]);
  });

  test('who made an organisation meanwhile is told, and stays there', async () => {
    const pia = await atrium.people.newcomer('pia@example.test');
    const path = await invited('pia@example.test');
    await pia.browser.post('/onboarding/create-tenant/', { organization: 'Pia & Co' });
    for (const browser of [pia.browser, atrium.browser()]) {
      const page = await browser.visit(path);
      expect(page.text).toContain('pia@example.test already belongs to an organisation.');
      expect((await browser.post(path, passwords)).status).toBe(409);
    }
    expect(await memberships('pia@example.test')).toMatchObject([{ organization: 'Pia & Co' }]);
  });
});

describe('Somebody signed in under another address', () => {
  test('is told so, signs out, and comes back to the invitation', async () => {
    const path = await invited('intended@example.test');
    const other = await atrium.people.memberOf('Globex', 'other@globex.test');
    const page = await other.browser.visit(path);
    expect(page.text).toContain('You are logged in as other@globex.test');
    expect((await other.browser.post(path, passwords)).status).toBe(409);
    expect(await memberships('intended@example.test')).toEqual([]);
    await other.browser.visit(path);
    const next = page.document.querySelector('main form[action="/logout/"] [name="next"]');
    const out = await other.browser.submit('/logout/', { next: next!.getAttribute('value')! });
    expect([out.status, out.location]).toEqual([303, path]);
    const form = await other.browser.follow(out);
    expect(form.document.querySelector('[name="password_confirm"]')).not.toBeNull();
  });

  test('logging out leads to no other site', async () => {
    for (const next of ['//evil.test', 'https://evil.test/', '/\\evil.test']) {
      const person = await atrium.people.signedIn('other@globex.test');
      expect((await person.browser.post('/logout/', { next })).location).toBe('/');
    }
  });
});

describe("Another organisation's invitations", () => {
  test('cannot be seen, sent again or cancelled', async () => {
    const gus = await atrium.people.adminOf('Globex', 'gus@globex.test');
    await invited('private@example.test');
    const { id, hash } = await invitationOf('private@example.test');
    expect((await gus.browser.visit('/settings/users/')).text).not.toContain('private@');
    for (const action of ['resend', 'cancel']) {
      const answer = await gus.browser.post('/settings/users/', { action, invitation_id: id });
      expect(answer.status).toBe(404);
    }
    expect(await invitationOf('private@example.test')).toMatchObject({ state: 'pending', hash });
  });

  test('may be for the same address: the first one accepted is the one that counts', async () => {
    const gus = await atrium.people.signedIn('gus@globex.test');
    const toAcme = await invited('courted@example.test');
    const answer = await invite('courted@example.test', 'member', gus);
    expect(answer.status).toBe(303);
    const mail = await atrium.mails.expect('courted@example.test', /Globex/);
    await atrium.browser().fill(linkIn(mail), passwords);
    const late = await atrium.browser().visit(toAcme);
    expect(late.text).toContain('already belongs to an organisation');
    expect(await memberships('courted@example.test')).toMatchObject([{ organization: 'Globex' }]);
  });
});

test('inviting is limited, counted by address and not by form', async () => {
  const strict = await startApp({ RATE_LIMIT_MULTIPLIER: '0.05' });
  try {
    const admin = await strict.people.adminOf('Strict', 'admin@strict.test');
    const emails = (from: number) =>
      Array.from({ length: 8 }, (_, i) => `s${from + i}@example.test`).join(' ');
    const post = (email: string) =>
      admin.browser.post('/settings/users/', { action: 'invite', role: 'member', email });
    expect((await post(emails(0))).status).toBe(303);
    const refused = await post(emails(8));
    expect(refused.status).toBe(429);
    expect(refused.response.get('retry-after')).toMatch(/^\d+$/);
    const rename = await admin.browser.visit('/settings/users/');
    expect(rename.status).toBe(200);
  } finally {
    await strict.stop();
  }
});
