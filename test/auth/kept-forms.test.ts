import { startApp, type TestApp } from '../support/app.js';
import type { Browser, Sight } from '../support/browser.js';
import { PASSWORD, type Person } from '../support/people.js';

let atrium: TestApp;
let anna: Person;
let ben: Person;
beforeAll(async () => {
  atrium = await startApp();
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
  test('what was typed is there to be sent again', async () => {
    const browser = await typing();
    const refused = await browser.submit('/projects/new/', { ...TYPED, _csrf: 'old' });
    expect(refused.status).toBe(419);
    expect(refused.form('/projects/new/')).toMatchObject(TYPED);
    expect(await projects()).toEqual([]);
    expect((await browser.submit('/projects/new/')).status).toBe(303);
    expect(await projects()).toEqual([{ name: TYPED.name }]);
    await atrium.sql('DELETE FROM project');
  });

  test('a password is never shown back', async () => {
    const browser = await typing();
    await browser.visit('/profile/');
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
  test('the same person finds what was typed after signing in, and sends it themselves', async () => {
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

  test('somebody else who signs in sees nothing of it', async () => {
    const { browser } = await withoutSession();
    const other = await browser.submit('/login/', { email: ben.email, password: PASSWORD });
    expect(other.status).toBe(303);
    expect(other.response.text).not.toContain('slate');
  });

  test('a draft that is forged, changed or too old is nothing', async () => {
    const { login } = await withoutSession();
    const draft = login.form('/login/').draft!;
    const middle = Math.floor(draft.length / 2);
    const letter = draft[middle] === 'A' ? 'B' : 'A';
    const changed = draft.slice(0, middle) + letter + draft.slice(middle + 1);
    for (const forged of ['AAAA', changed, 'x'.repeat(500_000), `${draft.slice(0, 40)}`]) {
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

  test('a form from elsewhere only leads to the sign-in page', async () => {
    const browser = atrium.browser().with('Sec-Fetch-Site', 'cross-site');
    const answer = await browser.post('/projects/new/', TYPED);
    expect([answer.status, answer.location]).toEqual([302, '/login/']);
  });
});
