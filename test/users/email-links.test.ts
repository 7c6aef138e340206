import { startApp, type TestApp } from '../support/app.js';
import { linkIn } from '../support/mailbox.js';
import { PASSWORD, type Person } from '../support/people.js';

let atrium: TestApp;
beforeAll(async () => void (atrium = await startApp()));
afterAll(() => atrium.stop());

let made = 0;
const member = (): Promise<Person> =>
  atrium.people.memberOf('Acme', `member${++made}@acme.example`);

const emailOf = async ({ userId }: Person) => {
  const [row] = await atrium.sql<{ email: string; verified: boolean }>(
    'SELECT email, email_verified_at IS NOT NULL AS verified FROM users WHERE id = $1',
    [userId],
  );
  return row!;
};

describe('verification', () => {
  test('a reminder stands on every page until the link of the mail is opened', async () => {
    const anna = await member();
    const before = await anna.browser.visit('/dashboard/');
    expect(before.text).toContain(`Please confirm your e-mail address with the link we sent to`);
    const mail = await atrium.mails.expect(anna.email, /confirm/i);
    const page = await anna.browser.visit(linkIn(mail));
    expect([page.status, page.response.get('cache-control')]).toEqual([200, 'no-store']);
    expect(await emailOf(anna)).toMatchObject({ verified: false });
    const opened = await anna.browser.submit(linkIn(mail));
    expect([opened.status, opened.location]).toEqual([303, '/profile/']);
    expect((await anna.browser.follow(opened)).text).toContain('e-mail address is confirmed');
    expect((await anna.browser.visit('/dashboard/')).text).not.toContain('Please confirm');
    expect(await emailOf(anna)).toMatchObject({ verified: true });
  });

  test('in a browser where nobody is signed in, the link asks to log in first', async () => {
    const anna = await member();
    const link = linkIn(await atrium.mails.expect(anna.email, /confirm/i));
    const phone = atrium.browser();
    const page = await phone.visit(link);
    expect([page.status, page.text]).toEqual([200, expect.stringContaining('Log in first')]);
    expect((await phone.post(link)).status).toBe(409);
    expect(await emailOf(anna)).toMatchObject({ verified: false });

    const login = page.document.querySelector('main a.btn')!.getAttribute('href')!;
    await phone.visit(login);
    const signedIn = await phone.submit('/login/', { email: anna.email, password: PASSWORD });
    expect(signedIn.location).toBe(link);
    expect((await phone.press(link)).status).toBe(303);
    expect(await emailOf(anna)).toMatchObject({ verified: true });
  });

  test('who is signed in with another account is asked to log out, and confirms nothing', async () => {
    const [anna, bert] = [await member(), await member()];
    const link = linkIn(await atrium.mails.expect(anna.email, /confirm/i));
    const page = await bert.browser.visit(link);
    expect(page.text).toContain(`this link is for the account of ${anna.email}`);
    expect((await bert.browser.post(link)).status).toBe(409);
    expect(await emailOf(anna)).toMatchObject({ verified: false });
    const next = page.document.querySelector('main form[action="/logout/"] [name="next"]');
    const out = await bert.browser.post('/logout/', { next: next!.getAttribute('value')! });
    expect(out.location).toBe(link);
  });

  test.each(['get', 'head'] as const)(
    'a mail scanner that sends %s confirms nothing',
    async (method) => {
      const anna = await member();
      const link = linkIn(await atrium.mails.expect(anna.email, /confirm/i));
      for (let times = 0; times < 3; times++) {
        expect((await atrium.browser().agent[method](link)).status).toBe(200);
      }
      expect(await emailOf(anna)).toMatchObject({ verified: false });
      expect((await anna.browser.press(link)).status).toBe(303);
    },
  );

  test('the link can be sent again, which makes the older one worthless', async () => {
    const anna = await member();
    const older = linkIn(await atrium.mails.expect(anna.email, /confirm/i));
    await anna.browser.visit('/dashboard/');
    const sent = await anna.browser.submit('/email/verify/resend/');
    expect([sent.status, sent.location]).toEqual([303, '/dashboard/']);
    expect((await anna.browser.follow(sent)).text).toContain(`We sent a new link to ${anna.email}`);
    const newer = linkIn(await atrium.mails.expect(anna.email, /confirm/i, 2));
    expect((await anna.browser.press(older)).status).toBe(400);
    expect((await anna.browser.press(newer)).status).toBe(303);
  });

  test('who is verified already gets no more mail', async () => {
    const anna = await member();
    await atrium.mails.expect(anna.email, /confirm/i);
    await atrium.sql('UPDATE users SET email_verified_at = now() WHERE id = $1', [anna.userId]);
    await anna.browser.post('/email/verify/resend/');
    const [left] = await atrium.sql(
      `SELECT count(*)::int AS n FROM user_token WHERE user_id = $1 AND purpose = 'email_verification'`,
      [anna.userId],
    );
    expect(left).toEqual({ n: 1 });
  });

  test.each(['x', 'a'.repeat(43), '%E2%80%A8', '%00'])('"%s" verifies nothing', async (token) => {
    for (const path of [`/email/verify/${token}/`, `/email/change/${token}/`]) {
      const page = await atrium.browser().visit(path);
      expect([page.status, page.at('h1')]).toEqual([400, 'This link no longer works']);
    }
  });

  test('the link is worthless after three days', async () => {
    const anna = await member();
    const link = linkIn(await atrium.mails.expect(anna.email, /confirm/i));
    await atrium.sql(`UPDATE user_token SET expires_at = now() WHERE user_id = $1`, [anna.userId]);
    expect((await atrium.browser().visit(link)).status).toBe(400);
    expect(await emailOf(anna)).toMatchObject({ verified: false });
  });
});

describe('change of address', () => {
  const ask = async (anna: Person, email: string, password = PASSWORD) => {
    await anna.browser.visit('/profile/');
    return anna.browser.submit('/profile/email/', { email, password });
  };

  test('counts only once the link sent to the new address is opened; the old one is told', async () => {
    const anna = await member();
    const asked = await ask(anna, 'Anna.New@acme.example');
    expect([asked.status, asked.location]).toEqual([303, '/profile/']);
    expect((await anna.browser.follow(asked)).text).toContain('sent a link to anna.new@acme');
    await atrium.mails.expect(anna.email, /about to change/);
    expect(await emailOf(anna)).toMatchObject({ email: anna.email });

    const mail = await atrium.mails.expect('anna.new@acme.example', /confirm/i);
    const elsewhere = await atrium.people.signedIn(anna.email);
    expect((await anna.browser.visit(linkIn(mail))).text).toContain('anna.new@acme.example');
    expect(await emailOf(anna)).toMatchObject({ email: anna.email });
    expect((await anna.browser.submit(linkIn(mail))).status).toBe(303);
    expect(await emailOf(anna)).toEqual({ email: 'anna.new@acme.example', verified: true });
    expect((await anna.browser.visit('/dashboard/')).status).toBe(200);
    expect((await elsewhere.browser.visit('/dashboard/')).location).toMatch(/^\/login\//);
    const told = await atrium.mails.expect(anna.email, /has been changed/);
    expect(told.text).toContain('anna.new@acme.example');
    await atrium.people.signedIn('anna.new@acme.example');
    const old = { email: anna.email, password: PASSWORD };
    expect((await atrium.browser().fill('/login/', old)).status).toBe(422);

    expect((await anna.browser.press(linkIn(mail))).status).toBe(400);
  });

  test('waits on the profile page, where the link can be sent again', async () => {
    const anna = await member();
    const asked = await ask(anna, 'patient@acme.example');
    const page = await anna.browser.follow(asked);
    expect(page.at('[aria-labelledby="email-card-title"]')).toContain(
      'Waiting for confirmation at patient@acme.example',
    );
    const older = linkIn(await atrium.mails.expect('patient@acme.example', /confirm/i));
    const sent = await anna.browser.submit('/profile/email/resend/');
    expect([sent.status, sent.location]).toEqual([303, '/profile/']);
    expect((await anna.browser.follow(sent)).text).toContain('sent a link to patient@acme');
    const newer = linkIn(await atrium.mails.expect('patient@acme.example', /confirm/i, 2));
    expect((await atrium.browser().visit(older)).status).toBe(400);
    expect((await anna.browser.follow(await anna.browser.press(newer))).text).not.toContain(
      'Waiting for confirmation',
    );
    expect(await emailOf(anna)).toEqual({ email: 'patient@acme.example', verified: true });
  });

  test('can be cancelled: the link is worthless, and nothing waits any more', async () => {
    const anna = await member();
    await anna.browser.follow(await ask(anna, 'regretted@acme.example'));
    const link = linkIn(await atrium.mails.expect('regretted@acme.example', /confirm/i));
    const cancelled = await anna.browser.follow(
      await anna.browser.submit('/profile/email/cancel/'),
    );
    expect(cancelled.text).toContain('The change is cancelled');
    expect(cancelled.text).not.toContain('Waiting for confirmation');
    expect((await atrium.browser().visit(link)).status).toBe(400);
    expect(await emailOf(anna)).toMatchObject({ email: anna.email });
  });

  test('waits no longer than a day, nor once somebody else has the address: no link is sent', async () => {
    const late = await member();
    await ask(late, 'too.late@acme.example');
    await late.browser.visit('/profile/');
    await atrium.sql('UPDATE user_token SET expires_at = now() WHERE user_id = $1', [late.userId]);
    const slow = await member();
    await ask(slow, 'too.slow@acme.example');
    await slow.browser.visit('/profile/');
    await atrium.people.newcomer('too.slow@acme.example');
    for (const person of [late, slow]) {
      const sent = await person.browser.submit('/profile/email/resend/');
      const page = await person.browser.follow(sent);
      expect(page.text).toContain('no longer waiting for confirmation');
      expect(page.text).not.toContain('Waiting for confirmation at');
    }
    const confirmations = await atrium.mails.to('too.late@acme.example');
    expect(confirmations).toHaveLength(1);
  });

  test('of somebody else is nowhere to be seen', async () => {
    const [anna, bert] = [await member(), await member()];
    await ask(anna, 'private@acme.example');
    expect((await bert.browser.visit('/profile/')).text).not.toContain('Waiting for');
    await bert.browser.post('/profile/email/cancel/');
    expect((await anna.browser.visit('/profile/')).text).toContain('private@acme.example');
  });

  test('needs the password, another address, and one that is free', async () => {
    const anna = await member();
    const other = await member();
    const wrong = await ask(anna, 'free@acme.example', 'not the password');
    expect([wrong.status, wrong.errorOf('password')]).toEqual([
      422,
      expect.stringContaining('not your current password'),
    ]);
    const profile = (sight: typeof wrong) =>
      sight.document.querySelector('#email_email')?.getAttribute('value');
    expect(profile(wrong)).toBe('free@acme.example');
    const refusals: [string, string][] = [
      [anna.email.toUpperCase(), 'already is your e-mail address'],
      [other.email.toUpperCase(), 'already an account'],
      ['nobody', 'Enter an e-mail address'],
    ];
    for (const [email, reason] of refusals) {
      const refused = await ask(anna, email);
      expect(refused.status).toBe(422);
      expect(refused.at('#email_email-error')).toContain(reason);
    }
  });

  test('an address taken meanwhile is not taken away', async () => {
    const anna = await member();
    await ask(anna, 'contested@acme.example');
    const mail = await atrium.mails.expect('contested@acme.example', /confirm/i);
    await atrium.people.newcomer('contested@acme.example');
    expect((await anna.browser.press(linkIn(mail))).status).toBe(400);
    expect(await emailOf(anna)).toMatchObject({ email: anna.email });
  });

  test('of two people who take one address at once, one gets it', async () => {
    const two = [await member(), await member()];
    const links: string[] = [];
    for (const [n, anna] of two.entries()) {
      await ask(anna, 'both@acme.example');
      links.push(linkIn(await atrium.mails.expect('both@acme.example', /confirm/i, n + 1)));
    }
    const answers = await Promise.all(links.map((link, n) => two[n]!.browser.press(link)));
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 400]);
  });

  test('pressing the button twice at once changes the address once', async () => {
    const anna = await member();
    await ask(anna, 'once@acme.example');
    const link = linkIn(await atrium.mails.expect('once@acme.example', /confirm/i));
    await anna.browser.visit(link);
    const answers = await Promise.all([1, 2].map(() => anna.browser.submit(link)));
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 400]);
  });

  test('loading the page of a refused form again shows the profile', async () => {
    const anna = await member();
    const pages = {
      '/profile/email/': '/profile/',
      '/profile/password/': '/profile/security/',
      '/profile/deactivate/': '/profile/data/',
    };
    for (const [path, page] of Object.entries(pages)) {
      const answer = await anna.browser.visit(path);
      expect([answer.status, answer.location]).toEqual([303, page]);
    }
  });
});
