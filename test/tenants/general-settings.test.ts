import { startApp, type TestApp } from '../support/app.js';
import { photo } from '../support/pictures.js';
import type { Person } from '../support/people.js';

let atrium: TestApp;
let anna: Person;
let bea: Person;

beforeAll(async () => {
  atrium = await startApp();
  anna = await atrium.people.adminOf('Acme', 'anna@acme.test');
  bea = await atrium.people.adminOf('Acme', 'bea@acme.test');
});
afterAll(() => atrium.stop());

const PATH = '/settings/general/';

test('an admin changes name, currency, language and time zone', async () => {
  const values = {
    organization: 'Acme Works',
    currency: 'EUR',
    timezone: 'Europe/Brussels',
    language: 'nl',
  };
  const answer = await anna.browser.fill(PATH, values);
  expect([answer.status, answer.location]).toEqual([303, PATH]);
  const page = await anna.browser.follow(answer);
  expect(page.text).toContain('The settings have been saved.');
  expect(page.form(PATH)).toMatchObject(values);
  expect(page.at('.shell-side')).toContain('Acme Works');
});

test('what is wrong is said, what was typed is kept', async () => {
  for (const [field, value] of [
    ['organization', ' '],
    ['organization', 'x'.repeat(201)],
    ['currency', 'ZZZ'],
    ['timezone', 'Mars/Base'],
    ['language', 'de'],
  ] as const) {
    const page = await anna.browser.fill(PATH, { organization: 'Kept', [field]: value });
    expect(page.status).toBe(422);
    expect(page.errorOf(field)).not.toBe('');
    if (field !== 'organization') expect(page.value('organization')).toBe('Kept');
  }
});

test('a second admin who saves an older page is told, and nothing is lost', async () => {
  await anna.browser.visit(PATH);
  await bea.browser.visit(PATH);
  await bea.browser.submit(PATH, { organization: 'Name of Bea', currency: 'USD' });
  const stale = await anna.browser.submit(PATH, { organization: 'Name of Anna' });
  expect(stale.status).toBe(422);
  expect(stale.at('[role="alert"]')).toContain('Somebody else changed these settings');
  expect(stale.at('#saved-values')).toContain('Name of Bea');
  expect(stale.at('#saved-values')).toContain('USD');
  expect(stale.value('organization')).toBe('Name of Anna');
  expect(stale.value('currency')).toBe('EUR');
  expect((await bea.browser.visit(PATH)).value('organization')).toBe('Name of Bea');

  const meant = await anna.browser.submit(PATH, {});
  expect(meant.status).toBe(303);
  expect((await bea.browser.visit(PATH)).value('organization')).toBe('Name of Anna');
});

test('of two saves at once from the same page one is told', async () => {
  await anna.browser.visit(PATH);
  await bea.browser.visit(PATH);
  const answers = await Promise.all([
    anna.browser.submit(PATH, { organization: 'First' }),
    bea.browser.submit(PATH, { organization: 'Second' }),
  ]);
  expect(answers.map(({ status }) => status).sort()).toEqual([303, 422]);
});

test('a logo is shown in the shell, previewed, mailed with invitations, and removed', async () => {
  await anna.browser.visit(PATH);
  const logo = { field: 'logo', name: 'logo.jpg', bytes: await photo(), type: 'image/jpeg' };
  expect((await anna.browser.upload(PATH, logo)).status).toBe(303);
  const page = await anna.browser.visit(PATH);
  const url = page.document.querySelector('[data-preview] img')!.getAttribute('src')!;
  expect(url).toMatch(/^\/media\/logo\/[0-9a-f]{32}\.webp$/);
  expect(page.document.querySelector(`.shell-side img[src="${url}"]`)).not.toBeNull();
  const image = await anna.browser.agent.get(url);
  expect(image.status).toBe(200);
  expect(image.get('cross-origin-resource-policy')).toBe('cross-origin');

  const invite = { action: 'invite', email: 'new@example.test', role: 'member' };
  await anna.browser.fill('/settings/users/', invite);
  const mail = await atrium.mails.expect('new@example.test');
  expect(mail.html).toContain(`src="http://atrium.test${url}"`);

  await anna.browser.visit(PATH);
  await anna.browser.submit(PATH, { remove_logo: '1' });
  expect((await anna.browser.visit(PATH)).response.text).not.toContain('/media/logo/');
});

test('what is no picture is refused, and changes nothing', async () => {
  await anna.browser.visit(PATH);
  const file = { field: 'logo', name: 'a.png', bytes: Buffer.from('<svg/>'), type: 'image/png' };
  const answer = await anna.browser.upload(PATH, file, { organization: 'Not saved' });
  expect(answer.status).toBe(422);
  expect(answer.errorOf('logo')).toContain('picture');
  expect((await bea.browser.visit(PATH)).value('organization')).not.toBe('Not saved');
});
