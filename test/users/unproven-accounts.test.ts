import { startApp, type TestApp } from '../support/app.js';
import { ApiClient } from '../support/api.js';
import { setUpApp } from '../support/factors.js';
import { linkIn } from '../support/mailbox.js';
import { PASSWORD, type Person } from '../support/people.js';

let atrium: TestApp;
beforeAll(async () => void (atrium = await startApp()));
afterAll(() => atrium.stop());

const CHOSEN = 'harbour candle meadow';
const passwords = { password: CHOSEN, password_confirm: CHOSEN };
let made = 0;

interface Hijack {
  squatter: Person;
  /** A key of the organisation, made by the squatter. */
  key: string;
  /** The link of an invitation the squatter sent. */
  invitation: string;
  accomplice: Person;
}

/** A stranger registers somebody else's address, founds an organisation, and makes keys and invitations. */
async function hijack(): Promise<Hijack> {
  const squatter = await atrium.people.newcomer(`victim${++made}@startup.example`);
  await squatter.browser.post('/profile/complete/', { skip: '1' });
  await squatter.browser.post('/onboarding/create-tenant/', { organization: `Startup ${made}` });
  const invite = (email: string) =>
    squatter.browser.post('/settings/users/', { action: 'invite', email, role: 'admin' });
  await invite(`evil${made}@thief.example`);
  const evil = linkIn(await atrium.mails.expect(`evil${made}@thief.example`, /invites you/));
  await atrium.browser().fill(evil, { password: PASSWORD, password_confirm: PASSWORD });
  const accomplice = await atrium.people.signedIn(`evil${made}@thief.example`);
  await invite(`later${made}@thief.example`);
  const later = await atrium.mails.expect(`later${made}@thief.example`, /invites you/);
  const scopes = 'members:read invitations:write';
  const page = await squatter.browser.post('/settings/api/', { name: 'Robot', scopes, days: '' });
  const key = /atrium_\w+/.exec(page.response.text)?.[0];
  expect(key).toBeDefined();
  return { squatter, key: key!, invitation: linkIn(later), accomplice };
}

async function reset(email: string) {
  await atrium.browser().fill('/password-reset/', { email });
  return linkIn(await atrium.mails.expect(email, /asked for a new password/));
}

const membersWith = async (key: string) => (await atrium.api().showing(key).get('/members')).status;

/** What the stranger and invited people can still do. */
async function expectShut({ squatter, key, invitation, accomplice }: Hijack) {
  expect(await membersWith(key)).toBe(401);
  const invited = await atrium
    .api()
    .showing(key)
    .post('/invitations', { email: 'more@thief.example', role: 'admin' });
  expect(invited.status).toBe(401);
  expect((await atrium.browser().visit(invitation)).status).toBe(400);
  for (const { browser } of [squatter, accomplice]) {
    expect((await browser.visit('/settings/users/')).location).toMatch(/^\/login\//);
  }
  const back = await atrium.people.signedIn(accomplice.email);
  expect((await back.browser.visit('/settings/users/')).location).toBe('/account/revoked/');
}

test('who resets the password of an account that never proved its address has it to themselves', async () => {
  const attack = await hijack();
  const { email } = attack.squatter;
  expect(await membersWith(attack.key)).toBe(200);
  const owner = atrium.browser();
  const done = await owner.press(await reset(email), { password: CHOSEN });
  expect((await owner.follow(done)).response.text).toContain(
    'Nobody had confirmed this address before.',
  );
  await expectShut(attack);

  const told = await atrium.mails.expect(email, /yours now/);
  expect(told.text).toContain('Access on hold: Evil');
  expect(told.text).toContain('API keys revoked: Robot');
  expect(told.text).toContain('Invitations withdrawn: 1');
  const { browser } = await atrium.people.signedIn(email, CHOSEN);
  await browser.post('/profile/complete/', { skip: '1' });
  expect((await browser.visit('/settings/users/?state=inactive')).text).toContain('Evil');
  expect((await browser.visit('/settings/activity/')).text).toContain(
    'proved the address of the account for the first time',
  );
  // Nobody is gone for good: the owner decides.
  const act = { action: 'reengage', profile_id: attack.accomplice.profileId };
  expect((await browser.post('/settings/users/', act)).status).toBe(303);
});

const factorsOf = async ({ userId }: Person) =>
  (
    await atrium.sql(
      `SELECT u.second_factors AS kinds, count(c.id)::int AS codes
       FROM users u LEFT JOIN recovery_code c ON c.user_id = u.id WHERE u.id = $1 GROUP BY u.id`,
      [userId],
    )
  )[0];

test('the second factors of whoever registered the address are gone with the reset', async () => {
  const { squatter } = await hijack();
  await setUpApp(atrium, squatter);
  const owner = atrium.browser();
  // The factor is none of the owner's: their password has the length of one that stands alone.
  const link = await reset(squatter.email);
  expect((await owner.press(link, { password: 'ferry9lamp' })).status).toBe(422);
  expect((await owner.press(link, { password: CHOSEN })).status).toBe(303);
  expect(await factorsOf(squatter)).toEqual({ kinds: [], codes: 0 });
  const login = await owner.fill('/login/', { email: squatter.email, password: CHOSEN });
  expect(login.location).not.toContain('second-factor');
  expect(owner.cookie('session')).toBeDefined();
  const entries = await atrium.sql(
    `SELECT 1 FROM audit_entry WHERE action = 'second_factor.reset' AND subject_id = $1`,
    [squatter.userId],
  );
  expect(entries).toHaveLength(1);
});

test('through the API too; those of a proven account stay', async () => {
  const [unproven, proven] = [await hijack(), await hijack()].map(({ squatter }) => squatter);
  await atrium.sql('UPDATE users SET email_verified_at = now() WHERE id = $1', [proven!.userId]);
  for (const person of [unproven!, proven!]) {
    await setUpApp(atrium, person);
    const token = (await reset(person.email)).split('/')[3];
    await atrium.api().post('/auth/password-reset/confirm', { token, password: CHOSEN });
  }
  expect(await factorsOf(unproven!)).toEqual({ kinds: [], codes: 0 });
  expect(await factorsOf(proven!)).toEqual({ kinds: ['totp'], codes: 10 });
  const body = ({ email }: Person) => ({ email, password: CHOSEN });
  expect((await atrium.api().post('/auth/login', body(unproven!))).status).toBe(200);
  expect((await atrium.api().post('/auth/login', body(proven!))).status).toBe(401);
});

test('so it is through the API', async () => {
  const attack = await hijack();
  const token = (await reset(attack.squatter.email)).split('/')[3];
  const answer = await atrium
    .api()
    .post('/auth/password-reset/confirm', { token, password: CHOSEN });
  expect(answer.status).toBe(204);
  await expectShut(attack);
});

test('also when an accomplice has taken the rights of the account away', async () => {
  const attack = await hijack();
  const { squatter, accomplice } = attack;
  const act = { action: 'deactivate', profile_id: squatter.profileId };
  expect((await accomplice.browser.post('/settings/users/', act)).status).toBe(303);
  await atrium.browser().press(await reset(squatter.email), { password: CHOSEN });
  await expectShut(attack);
  const { browser } = await atrium.people.signedIn(squatter.email, CHOSEN);
  await browser.post('/profile/complete/', { skip: '1' });
  expect((await browser.visit('/settings/users/')).status).toBe(200);
});

test('what was made after the address was proven stays through a later reset', async () => {
  const { squatter, key } = await hijack();
  const link = linkIn(await atrium.mails.expect(squatter.email, /Confirm your e-mail/));
  // The same person holds account and mailbox: nothing is taken from them.
  expect((await squatter.browser.press(link)).status).toBe(303);
  expect(await membersWith(key)).toBe(200);
  const again = await atrium.browser().press(await reset(squatter.email), { password: CHOSEN });
  expect(again.status).toBe(303);
  expect(await membersWith(key)).toBe(200);
});

test('nor does an address that staff set right make somebody a stranger again', async () => {
  const { squatter, key } = await hijack();
  await atrium.sql('UPDATE users SET email_verified_at = now() WHERE id = $1', [squatter.userId]);
  await atrium.sql('UPDATE users SET email_verified_at = NULL WHERE id = $1', [squatter.userId]);
  await atrium.browser().press(await reset(squatter.email), { password: CHOSEN });
  expect(await membersWith(key)).toBe(200);
});

test('the mail that asks to verify says no, too: the account loses the address', async () => {
  const { squatter, key } = await hijack();
  const link = linkIn(await atrium.mails.expect(squatter.email, /Confirm your e-mail/));
  const owner = atrium.browser();
  await owner.visit(link);
  const said = await owner.submit(`${link}not-mine/`);
  expect([said.status, said.location]).toEqual([303, '/']);
  expect((await owner.visit(link)).status).toBe(400);
  const registered = await atrium
    .browser()
    .fill('/register/', { email: squatter.email, password: CHOSEN });
  expect(registered.location).toBe('/profile/complete/');
  expect((await squatter.browser.visit('/dashboard/')).text).toContain(
    'Your account has no e-mail address any more',
  );
  expect(await membersWith(key)).toBe(200);
});

test('who registers an address a stranger holds hears "taken", and gets a link to take it over', async () => {
  const attack = await hijack();
  const { email } = attack.squatter;
  const refused = await atrium.browser().fill('/register/', { email, password: CHOSEN });
  expect([refused.status, refused.errorOf('email')]).toEqual([
    422,
    expect.stringContaining('already an account'),
  ]);
  const mail = await atrium.mails.expect(email, /already an account/);
  const taken = await atrium.browser().press(linkIn(mail), { password: CHOSEN });
  expect(taken.status).toBe(303);
  await expectShut(attack);
  // Somebody who has proven the address gets no such mail.
  await atrium.browser().fill('/register/', { email, password: PASSWORD });
  const other = await atrium.people.newcomer(`other${made}@startup.example`);
  await atrium.browser().fill('/register/', { email: other.email, password: CHOSEN });
  await atrium.mails.expect(other.email, /already an account/);
  const offers = (await atrium.mails.to(email)).filter((each) => /already/.test(each.subject));
  expect(offers).toHaveLength(1);
});

describe('the real employer invites an address that a stranger holds', () => {
  let employer: Person;
  let boss: ApiClient;
  beforeAll(async () => {
    employer = await atrium.people.adminOf('Employer', 'boss@employer.example');
    boss = await new ApiClient(atrium.server).login(employer.email, PASSWORD);
  });

  const invited = async (email: string) => {
    const answer = await boss.post('/invitations', { email, role: 'member' });
    expect(answer.status).toBe(201);
    return linkIn(await atrium.mails.expect(email, /invites you/));
  };
  const organisationOf = async (email: string) =>
    (
      await atrium.sql(
        `SELECT t.organization, u.email_verified_at IS NOT NULL AS verified FROM users u
         JOIN user_profile p ON p.user_id = u.id LEFT JOIN tenant t ON t.id = p.tenant_id
         WHERE u.email = $1`,
        [email],
      )
    )[0];

  test('and the invitee joins with a password of their own', async () => {
    const { squatter, key } = await hijack();
    const link = await invited(squatter.email);
    const invitee = atrium.browser();
    const page = await invitee.visit(link);
    expect(page.text).toContain('Is that not your account?');
    const joined = await invitee.submit(link, passwords);
    expect([joined.status, joined.location]).toEqual([303, '/profile/']);
    expect(await organisationOf(squatter.email)).toEqual({
      organization: 'Employer',
      verified: true,
    });
    expect((await invitee.visit('/dashboard/')).status).toBe(200);
    // The stranger keeps what they made, far away from that address.
    expect(await membersWith(key)).toBe(200);
    const old = { email: squatter.email, password: PASSWORD };
    expect((await atrium.browser().fill('/login/', old)).status).toBe(422);
  });

  test('and the invitee joins through the API', async () => {
    const { squatter } = await hijack();
    const token = (await invited(squatter.email)).split('/')[3];
    const joined = await atrium.api().post('/invitations/accept', { token, password: CHOSEN });
    expect(joined.status).toBe(200);
    expect(await organisationOf(squatter.email)).toMatchObject({ organization: 'Employer' });
  });

  test('where the stranger founded nothing, too', async () => {
    const squatter = await atrium.people.newcomer(`idle${++made}@startup.example`);
    const link = await invited(squatter.email);
    expect((await atrium.browser().press(link, passwords)).status).toBe(303);
    expect(await organisationOf(squatter.email)).toMatchObject({ organization: 'Employer' });
  });

  test('of several at once one takes the address over', async () => {
    const { squatter } = await hijack();
    const link = await invited(squatter.email);
    const visitors = Array.from({ length: 4 }, () => atrium.browser());
    await Promise.all(visitors.map((visitor) => visitor.visit(link)));
    const answers = await Promise.all(visitors.map((visitor) => visitor.submit(link, passwords)));
    expect(answers.filter(({ status }) => status === 303)).toHaveLength(1);
    expect(answers.every(({ status }) => status < 500)).toBe(true);
  });

  test('but not one that has been proven', async () => {
    const { squatter } = await hijack();
    const link = linkIn(await atrium.mails.expect(squatter.email, /Confirm your e-mail/));
    await squatter.browser.press(link);
    const { email } = squatter;
    expect((await boss.post('/invitations', { email, role: 'member' })).status).toBe(409);
  });
});
