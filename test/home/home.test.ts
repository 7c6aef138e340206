import { startApp, type TestApp } from '../support/app.js';

let atrium: TestApp;
beforeAll(async () => void (atrium = await startApp()));
afterAll(() => atrium.stop());

test('the home page is the public one for everybody, and leads back to the dashboard', async () => {
  const anna = await atrium.people.memberOf('Acme', 'anna@acme.example');
  const own = await anna.browser.visit('/');
  expect(own.status).toBe(200);
  expect(own.document.querySelector('aside.shell-side, .dock-bar')).toBeNull();
  expect(own.at('main a.btn-primary')).toBe('Go to your dashboard');
  expect(own.text).not.toContain('All you need is an e-mail address');
  expect(own.document.querySelector('footer a[href="/register/"]')).toBeNull();
  const public_ = await atrium.browser().visit('/');
  expect(public_.text).toContain('All you need is an e-mail address');
});

test('the logo leads to the dashboard once somebody is signed in', async () => {
  const ben = await atrium.people.memberOf('Acme', 'ben@acme.example');
  for (const path of ['/', '/dashboard/', '/projects/', '/nowhere/']) {
    const page = await ben.browser.visit(path);
    expect(page.document.querySelector('.topbar > a')?.getAttribute('href')).toBe('/dashboard/');
  }
  const stranger = await atrium.browser().visit('/login/');
  expect(stranger.document.querySelector('.topbar > a')?.getAttribute('href')).toBe('/');
});
