import { startApp, type TestApp } from '../support/app.js';
import type { Browser } from '../support/browser.js';
import type { Person } from '../support/people.js';
import { linkIn } from '../support/mailbox.js';

let atrium: TestApp;
beforeAll(async () => void (atrium = await startApp()));
afterAll(() => atrium.stop());

const PATH = '/onboarding/invite/';
let made = 0;

/** Somebody who has just created an organisation, and the page they are led to. */
async function founder(next?: string): Promise<Person & { arrival: string | undefined }> {
  const person = await atrium.people.newcomer(`founder${++made}@acme.example`);
  const { browser } = person;
  await browser.post('/profile/complete/', { skip: '1' });
  const query = next ? `?next=${encodeURIComponent(next)}` : '';
  await browser.visit(`/onboarding/create-tenant/${query}`);
  const answer = await browser.submit('/onboarding/create-tenant/', { organization: `O${made}` });
  return { ...person, arrival: answer.location };
}

const invited = async (by: Person) => {
  const rows = await atrium.sql<{ email: string; role: string }>(
    'SELECT email, role FROM invitation WHERE invited_by_id = $1 ORDER BY email',
    [by.userId],
  );
  return rows.map(({ email, role }) => `${email} ${role}`);
};

const send = async (browser: Browser, fields: Record<string, string>) => {
  await browser.visit(PATH);
  return browser.submit(PATH, fields);
};

test('whoever creates an organisation is offered to invite a team, as step 3 of 3', async () => {
  const { browser, arrival } = await founder('/profile/?tab=2');
  expect(arrival).toBe(`${PATH}?next=${encodeURIComponent('/profile/?tab=2')}`);
  const page = await browser.visit(arrival!);
  expect([page.status, page.at('h1')]).toEqual([200, 'Invite your team']);
  const steps = page.document.querySelector('ol[aria-label="Step 3 of 3"]')!;
  expect(
    steps.querySelectorAll('li.stage').map((li) => li.textContent.replace(/\s+/g, ' ').trim()),
  ).toEqual(['Profile(done)', 'Organisation(done)', '3 Team']);
  const skip = page.document.querySelectorAll('main a').find((a) => a.text === 'Skip for now')!;
  expect(skip.getAttribute('href')).toBe('/profile/?tab=2');
});

test('the steps before it count three as well', async () => {
  const { browser } = await atrium.people.newcomer('counting@acme.example');
  const label = (page: { document: { querySelector(by: string): unknown } }, text: string) =>
    page.document.querySelector(`ol[aria-label="${text}"]`) !== null;
  expect(label(await browser.visit('/profile/complete/'), 'Step 1 of 3')).toBe(true);
  await browser.post('/profile/complete/', { skip: '1' });
  expect(label(await browser.visit('/onboarding/create-tenant/'), 'Step 2 of 3')).toBe(true);
});

test('the founder invites several people at once, who get a mail, and goes on', async () => {
  const person = await founder();
  const sent = await send(person.browser, {
    email: 'ann@team.example, ben@team.example',
    role: 'member',
    next: '/profile/',
  });
  expect([sent.status, sent.location]).toEqual([303, '/profile/']);
  expect(await invited(person)).toEqual(['ann@team.example member', 'ben@team.example member']);
  await atrium.mails.expect('ann@team.example', /invite|join/i);
});

test('what cannot be invited stays in the field with its reason, and the others are sent', async () => {
  const taken = await atrium.people.memberOf('Elsewhere', 'taken@team.example');
  await atrium.sql(
    'UPDATE users SET email_verified_at = now(), first_verified_at = now() WHERE id = $1',
    [taken.userId],
  );
  const person = await founder();
  await send(person.browser, { email: 'twice@team.example', role: 'member' });
  const answer = await send(person.browser, {
    email: 'new@team.example, twice@team.example, taken@team.example, nonsense',
    role: 'member',
    next: '/profile/',
  });
  expect([answer.status, answer.at('h1')]).toEqual([422, 'Invite your team']);
  expect(answer.value('email')!.trim().split('\n').sort()).toEqual([
    'nonsense',
    'taken@team.example',
    'twice@team.example',
  ]);
  for (const text of ['Sent', 'Already invited', 'Already in an organisation', 'Not an address']) {
    expect(answer.at('main ul')).toContain(text);
  }
  expect(answer.form(PATH).next).toBe('/profile/');
  const links = answer.document
    .querySelectorAll('main a')
    .map((a) => [a.text, a.getAttribute('href')]);
  expect(links).toContainEqual(['Continue', '/profile/']);
  expect(await invited(person)).toEqual(['new@team.example member', 'twice@team.example member']);
});

test('nothing typed, or a role that is none, is refused at its field and keeps the rest', async () => {
  const { browser } = await founder();
  const nothing = await send(browser, { email: ' ', role: 'member' });
  expect([nothing.status, nothing.errorOf('email')]).toEqual([
    422,
    expect.stringMatching(/address/),
  ]);
  const role = await send(browser, { email: 'a@team.example', role: 'owner' });
  expect([role.status, role.value('email')!.trim()]).toEqual([422, 'a@team.example']);
});

test('it holds nobody up: who closes it is onboarded, for pages and for the API', async () => {
  const { browser, arrival, email } = await founder();
  expect(arrival).toBe(PATH);
  const dashboard = await browser.visit('/dashboard/');
  expect(dashboard.status).toBe(200);
  const again = await atrium.people.signedIn(email);
  await again.browser.post('/profile/complete/', { skip: '1' });
  expect((await again.browser.visit('/dashboard/')).status).toBe(200);
});

test('people who were invited, and admins who came later, are never led to it', async () => {
  const person = await founder();
  await send(person.browser, { email: 'guest@team.example', role: 'member' });
  const guest = atrium.browser();
  const link = linkIn(await atrium.mails.expect('guest@team.example', /invite|join/i));
  const password = 'paper lantern orbit';
  await guest.visit(link);
  const joined = await guest.submit(link, { password, password_confirm: password });
  expect(joined.status).toBe(303);
  expect(joined.location).not.toContain(PATH);
  const later = await atrium.people.adminOf('Later', 'later@acme.example');
  const seen = await later.browser.visit(`${PATH}?next=/profile/`);
  expect([seen.status, seen.location]).toEqual([303, '/profile/']);
  // Nor is the founder, once there is a team.
  expect((await person.browser.visit(PATH)).location).toBe('/dashboard/');
  const member = await atrium.people.memberOf('Later', 'plain@acme.example');
  expect((await member.browser.visit(PATH)).status).toBe(403);
});

test('nobody is led to another site by it', async () => {
  const { browser } = await founder();
  const page = await browser.visit(`${PATH}?next=${encodeURIComponent('//evil.example/')}`);
  const hrefs = page.document.querySelectorAll('main a').map((a) => a.getAttribute('href'));
  expect(hrefs).toEqual(['/dashboard/']);
  const sent = await browser.post(PATH, {
    email: 'x@team.example',
    role: 'member',
    next: 'https://evil.example/',
  });
  expect(sent.location).toBe('/dashboard/');
});
