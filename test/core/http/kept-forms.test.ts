import { startApp, type TestApp } from '../../support/app.js';
import { Sight, type Browser } from '../../support/browser.js';
import { PASSWORD, type Person } from '../../support/people.js';

let atrium: TestApp;
let ada: Person;
let anna: Person;
let ben: Person;
beforeAll(async () => {
  atrium = await startApp();
  ada = await atrium.people.adminOf('Acme', 'ada@acme.example');
  anna = await atrium.people.memberOf('Acme', 'anna@acme.example');
  ben = await atrium.people.memberOf('Acme', 'ben@acme.example');
});
afterAll(() => atrium.stop());

const TYPED = { name: 'Roof "of" <slate>', description: 'One\nTwo', status: 'active' };

/** Anna's new project as she typed it, in a browser that sends what browsers send. */
async function typing(): Promise<Browser> {
  const { browser } = await atrium.people.signedIn(anna.email);
  browser.with('Sec-Fetch-Site', 'same-origin');
  await browser.visit('/projects/new/');
  return browser;
}

async function withoutSession(): Promise<{ browser: Browser; login: Sight }> {
  const browser = await typing();
  await atrium.sql('UPDATE session SET ended_at = now() WHERE user_id = $1', [anna.userId]);
  return { browser, login: await browser.submit('/projects/new/', TYPED) };
}

const projects = () => atrium.sql<{ name: string }>('SELECT name FROM project');

describe('When the form is refused for its token', () => {
  test('the typed values are shown, to be sent again', async () => {
    const browser = await typing();
    const refused = await browser.submit('/projects/new/', { ...TYPED, _csrf: 'old' });
    expect(refused.status).toBe(419);
    expect(refused.form('/projects/new/')).toMatchObject(TYPED);
    expect(await projects()).toEqual([]);
    expect((await browser.submit('/projects/new/')).status).toBe(303);
    expect(await projects()).toEqual([{ name: TYPED.name }]);
    await atrium.sql('DELETE FROM project');
  });

  test('a form with a file says that the file has to be chosen again', async () => {
    const browser = await typing();
    await browser.visit('/profile/');
    const file = { field: 'avatar', name: 'me.png', type: 'image/png', bytes: Buffer.from('me') };
    const typed = { display_name: 'Anna of the mill', _csrf: 'old' };
    const refused = await browser.upload('/profile/', file, typed);
    expect(refused.status).toBe(419);
    expect(refused.form('/profile/').display_name).toBe('Anna of the mill');
    expect(refused.text).toContain('Choose it again after you have sent the form.');
  });

  test('without Fetch Metadata and Origin only an empty form is shown', async () => {
    const { browser } = await atrium.people.signedIn(anna.email);
    await browser.visit('/projects/new/');
    const refused = await browser.submit('/projects/new/', { ...TYPED, _csrf: 'old' });
    expect(refused.status).toBe(419);
    expect(refused.response.text).not.toContain('slate');
  });

  test('a password is never shown back', async () => {
    const browser = await typing();
    await browser.visit('/profile/security/');
    const secrets = { current_password: PASSWORD, new_password: 'another lantern', _csrf: 'old' };
    const refused = await browser.submit('/profile/password/', secrets);
    expect(refused.status).toBe(419);
    expect(refused.response.text).not.toContain(PASSWORD);
    expect(refused.response.text).not.toContain('another lantern');
  });

  test.each(['cross-site', 'same-site', 'none'])(
    'a form from elsewhere (%s) is not offered to be sent',
    async (site) => {
      const browser = (await typing()).with('Sec-Fetch-Site', site);
      const refused = await browser.submit('/projects/new/', { ...TYPED, _csrf: 'old' });
      expect(refused.status).toBe(419);
      expect(refused.response.text).not.toContain('slate');
    },
  );
});

describe('When the session has ended', () => {
  test('the same person gets the typed values after signing in, and sends them', async () => {
    const { browser, login } = await withoutSession();
    expect(login.status).toBe(403);
    expect(login.at('[data-announce]')).toContain('nothing has been saved yet');
    expect(login.response.text).not.toContain('slate');
    await browser.submit('/login/', { email: anna.email, password: 'wrong lantern' });
    const kept = await browser.submit('/login/', { email: anna.email, password: PASSWORD });
    expect([kept.status, kept.at('h1')]).toEqual([200, 'Send your form again']);
    expect(kept.form('/projects/new/')).toMatchObject(TYPED);
    expect(await projects()).toEqual([]);
    expect((await browser.submit('/projects/new/')).status).toBe(303);
    expect(await projects()).toEqual([{ name: TYPED.name }]);
    await atrium.sql('DELETE FROM project');
  });

  test('another person who signs in does not get them', async () => {
    const { browser } = await withoutSession();
    const other = await browser.submit('/login/', { email: ben.email, password: PASSWORD });
    expect(other.status).toBe(303);
    expect(other.response.text).not.toContain('slate');
  });

  test('a forged, changed or expired draft is ignored', async () => {
    const { login } = await withoutSession();
    const draft = login.form('/login/').draft!;
    const middle = Math.floor(draft.length / 2);
    const letter = draft[middle] === 'A' ? 'B' : 'A';
    const changed = draft.slice(0, middle) + letter + draft.slice(middle + 1);
    for (const forged of ['AAAA', changed, 'x'.repeat(500_000), draft.slice(0, 40)]) {
      const values = { email: anna.email, password: PASSWORD, draft: forged };
      expect((await atrium.browser().fill('/login/', values)).status).toBe(303);
    }
    const now = Date.now;
    Date.now = () => now() + 2 * 3_600_000;
    const values = { email: anna.email, password: PASSWORD, draft };
    const late = await atrium.browser().fill('/login/', values);
    Date.now = now;
    expect(late.status).toBe(303);
  });

  test('a form from another site only leads to the sign-in page', async () => {
    const browser = atrium.browser().with('Sec-Fetch-Site', 'cross-site');
    const answer = await browser.post('/projects/new/', TYPED);
    expect([answer.status, answer.location]).toEqual([302, '/login/']);
  });

  describe('and the browser sends neither Fetch Metadata nor Origin', () => {
    async function sent(values: Record<string, string>): Promise<Sight> {
      const { browser } = await atrium.people.signedIn(anna.email);
      await browser.visit('/projects/new/');
      await atrium.sql('UPDATE session SET ended_at = now() WHERE user_id = $1', [anna.userId]);
      const login = await browser.submit('/projects/new/', { ...TYPED, ...values });
      if (login.status !== 403) return login;
      return browser.submit('/login/', { email: anna.email, password: PASSWORD });
    }

    test('what was typed is kept when the form holds the token of this browser', async () => {
      expect((await sent({})).form('/projects/new/')).toMatchObject(TYPED);
    });

    test('a form with another token only leads to the sign-in page', async () => {
      const answer = await sent({ _csrf: 'of another browser' });
      expect([answer.status, answer.location]).toEqual([302, '/login/']);
    });

    test('a form copied from another person’s page is not restored', async () => {
      const answer = await sent({ _owner: 'somebody else' });
      expect([answer.status, answer.location]).toEqual([303, '/dashboard/']);
    });
  });
});

describe('When the session has ended and the form has a file', () => {
  const file = (field: string, bytes: Buffer) => ({
    field,
    name: 'picture.png',
    type: 'image/png',
    bytes,
  });

  async function uploaded(
    [path, field]: [string, string],
    values: Record<string, string>,
    { bytes = Buffer.from('a picture'), language = 'en', site = 'same-origin' } = {},
  ): Promise<{ browser: Browser; login: Sight }> {
    const { browser } = await atrium.people.signedIn(ada.email);
    browser.with('Sec-Fetch-Site', site).with('Accept-Language', language);
    await browser.visit(path);
    await atrium.sql('UPDATE session SET ended_at = now() WHERE user_id = $1', [ada.userId]);
    return { browser, login: await browser.upload(path, file(field, bytes), values) };
  }

  const signIn = (browser: Browser) =>
    browser.submit('/login/', { email: ada.email, password: PASSWORD });

  test.each<[string, string, Record<string, string>]>([
    ['/profile/', 'avatar', { display_name: 'Ada of the tower', theme: 'night' }],
    ['/settings/general/', 'logo', { organization: 'Acme & daughters', currency: 'EUR' }],
  ])('%s keeps its fields, and says that the file has to be chosen again', async (...form) => {
    const [path, field, values] = form;
    const { browser, login } = await uploaded([path, field], values);
    expect([login.status, login.at('[data-announce]')]).toEqual([
      403,
      expect.stringContaining('what you typed is kept'),
    ]);
    const kept = await signIn(browser);
    expect(kept.form(path)).toMatchObject(values);
    expect(kept.text).toContain('Choose it again after you have sent the form.');
    expect((await browser.submit(path)).status).toBe(303);
    expect((await browser.visit(path)).form(path)).toMatchObject(values);
  });

  test.each([
    ['nl', 'Kies het opnieuw zodra u het formulier hebt verstuurd.'],
    ['fr', 'Choisissez-le à nouveau après avoir envoyé le formulaire.'],
  ])('that is said in the language of the reader (%s)', async (language, sentence) => {
    await atrium.sql('UPDATE user_profile SET language_id = NULL');
    const { browser } = await uploaded(['/profile/', 'avatar'], {}, { language });
    expect((await signIn(browser)).text).toContain(sentence);
  });

  test('a form without a chosen file does not mention files', async () => {
    const { browser } = await atrium.people.signedIn(ada.email);
    browser.with('Sec-Fetch-Site', 'same-origin');
    const page = await browser.visit('/profile/');
    await atrium.sql('UPDATE session SET ended_at = now() WHERE user_id = $1', [ada.userId]);
    const call = browser.agent.post('/profile/').set('Sec-Fetch-Site', 'same-origin');
    for (const [name, value] of Object.entries(page.form('/profile/'))) {
      void call.field(name, value);
    }
    const login = new Sight(await call.ok(() => true));
    const draft = login.form('/login/').draft!;
    const kept = await browser.fill('/login/', { email: ada.email, password: PASSWORD, draft });
    expect(kept.at('h1')).toBe('Send your form again');
    expect(kept.text).not.toContain('Choose it again');
  });

  test('a form that is too large to be read keeps nothing, and says so', async () => {
    const bytes = Buffer.alloc(11 * 1024 * 1024);
    const { login } = await uploaded(['/profile/', 'avatar'], {}, { bytes });
    expect([login.status, login.at('[data-announce]')]).toEqual([
      403,
      'Your session has ended, and nothing has been saved. Log in to continue.',
    ]);
  });

  test('a form from another site is not read', async () => {
    const { login } = await uploaded(['/profile/', 'avatar'], {}, { site: 'cross-site' });
    expect([login.status, login.location]).toEqual([302, '/login/']);
  });
});
