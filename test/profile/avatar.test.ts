import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startApp, type TestApp } from '../support/app.js';
import type { Person } from '../support/people.js';
import { quarters } from '../support/pictures.js';

let atrium: TestApp;
let anna: Person;
const folder = mkdtempSync(join(tmpdir(), 'atrium-avatar-'));
beforeAll(async () => {
  atrium = await startApp({ DATA_DIR: folder });
  anna = await atrium.people.memberOf('Acme', 'anna@acme.example');
});
afterAll(async () => {
  await atrium.stop();
  rmSync(folder, { recursive: true, force: true });
});

const picture = async (type = 'image/png') => ({
  field: 'avatar',
  name: 'me.png',
  bytes: await quarters(300, 200).png().toBuffer(),
  type,
});

const shown = async (person = anna) => {
  const page = await person.browser.visit('/profile/');
  return page.document.querySelector('main img')?.getAttribute('src');
};

test('a picture is shown on every page once it is saved', async () => {
  await anna.browser.visit('/profile/');
  const saved = await anna.browser.upload('/profile/', await picture(), { display_name: 'Anna' });
  expect([saved.status, saved.location]).toEqual([303, '/profile/']);
  const src = await shown();
  expect(src).toMatch(/^\/media\/.+/);
  const image = await anna.browser.agent.get(src!);
  expect([image.status, image.get('content-type')]).toEqual([200, 'image/webp']);
  expect(image.get('x-content-type-options')).toBe('nosniff');
  const page = await anna.browser.visit('/dashboard/');
  expect(page.response.text).toContain(src);
});

test('another picture takes its place, and the old one is gone', async () => {
  const before = await shown();
  await anna.browser.visit('/profile/');
  await anna.browser.upload('/profile/', await picture('application/octet-stream'));
  const after = await shown();
  expect(after).not.toBe(before);
  for (let tries = 0; tries < 50; tries++) {
    const old = await anna.browser.agent.get(before!).ok(() => true);
    if (old.status === 404) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('The old picture is still there');
});

test.each([
  ['a text', Buffer.from('no picture at all'), 'JPEG, PNG, WebP'],
  ['a drawing with a script', Buffer.from('<svg onload="alert(1)"/>'), 'JPEG, PNG, WebP'],
  ['half a picture', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), 'damaged'],
  ['too large a file', Buffer.alloc(2 * 1024 * 1024 + 1, 'x'), ''],
])('%s is refused at the field, and what was typed stays', async (_what, bytes, reason) => {
  const before = await shown();
  const file = { field: 'avatar', name: 'me.png', bytes, type: 'image/png' };
  await anna.browser.visit('/profile/');
  const refused = await anna.browser.upload('/profile/', file, {
    display_name: 'Typed name',
    marketing_emails: '1',
  });
  expect([refused.status, refused.errorOf('avatar')]).toEqual([
    422,
    expect.stringContaining(reason),
  ]);
  expect(refused.value('display_name')).toBe('Typed name');
  expect(refused.form('/profile/').marketing_emails).toBe('1');
  expect(await shown()).toBe(before);
});

test('a refused form keeps the picture that was there', async () => {
  const before = await shown();
  await anna.browser.visit('/profile/');
  const refused = await anna.browser.upload('/profile/', await picture(), { theme: 'dracula' });
  expect(refused.status).toBe(422);
  expect(await shown()).toBe(before);
});

test('a picture is removed by its own box', async () => {
  await anna.browser.visit('/profile/');
  const saved = await anna.browser.submit('/profile/', { remove_avatar: '1' });
  expect(saved.status).toBe(303);
  expect(await shown()).toBeUndefined();
});

test('the first picture may come with onboarding', async () => {
  const newcomer = await atrium.people.newcomer('new@acme.example');
  await newcomer.browser.visit('/profile/complete/');
  const saved = await newcomer.browser.upload('/profile/complete/', await picture());
  expect([saved.status, saved.location]).toEqual([303, '/onboarding/create-tenant/']);
  const page = await newcomer.browser.visit('/profile/complete/');
  expect(page.document.querySelector('main img')?.getAttribute('src')).toMatch(/^\/media\//);
});
