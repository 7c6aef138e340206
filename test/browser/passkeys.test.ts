import type { CDPSession, Page } from 'playwright-core';
import { startApp, type TestApp } from '../support/app.js';
import { patience } from '../support/limits.js';
import { PASSWORD, type Person } from '../support/people.js';
import { inChromium, launch, visitor } from './chromium.js';

inChromium('Passkeys in a browser', () => {
  let atrium: TestApp;
  let browser: Awaited<ReturnType<typeof launch>>;
  let home: string;
  beforeAll(async () => {
    [atrium, browser] = await Promise.all([startApp(), launch()]);
    const { port } = new URL(await atrium.app.getUrl());
    // The id of a relying party is a name, never an address.
    home = `http://localhost:${port}`;
    atrium.config.APP_URL = home;
  }, patience(60_000));
  afterAll(async () => {
    await browser.close();
    await atrium.stop();
  });

  interface Device {
    page: Page;
    complaints: string[];
    cdp: CDPSession;
    authenticatorId: string;
  }

  /** A browser with an authenticator, signed in as `person`. */
  async function device(person: Person): Promise<Device> {
    const { page, complaints } = await visitor(browser, { locale: 'en' });
    await page.context().addCookies([
      { name: 'atrium_session', value: person.browser.cookie('session')!, url: home },
      { name: 'atrium_lang', value: 'en', url: home },
    ]);
    const cdp = await page.context().newCDPSession(page);
    await cdp.send('WebAuthn.enable', { enableUI: false });
    const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    return { page, complaints, cdp, authenticatorId };
  }

  const simulate = ({ cdp, authenticatorId }: Device, enabled: boolean) =>
    cdp.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled });

  /** By the keyboard alone: moves on with Tab until the focus is on it. */
  async function tabTo(page: Page, name: RegExp): Promise<void> {
    for (let step = 0; step < 60; step++) {
      await page.keyboard.press('Tab');
      const text = await page.evaluate(() => {
        const { activeElement: on } = document;
        return on?.getAttribute('aria-label') ?? on?.textContent ?? '';
      });
      if (name.test(text.trim())) return;
    }
    throw new Error(`The keyboard does not reach ${String(name)} on ${page.url()}`);
  }

  async function addPasskey({ page }: Device): Promise<void> {
    await page.goto(`${home}/profile/security/`);
    await tabTo(page, /^Add a passkey$/);
    await page.keyboard.press('Enter');
    await page.waitForURL(({ pathname }) => pathname === '/profile/passkeys/');
    await tabTo(page, /^Add a passkey$/);
    await page.keyboard.press('Enter');
    await page.waitForURL(({ pathname }) => pathname === '/profile/passkeys/new/');
    await page.focus('[name=name]');
    await page.keyboard.type('My laptop');
    await page.keyboard.press('Enter');
    await page.waitForSelector('#recovery-codes');
  }

  test('are added, sign in by a button, and are removed, by the keyboard alone', async () => {
    const person = await atrium.people.memberOf('Acme', 'keys@acme.example');
    const here = await device(person);
    const { page } = here;
    await addPasskey(here);
    await page.goto(`${home}/profile/passkeys/`);
    expect(await page.textContent('main')).toContain('My laptop');

    await page.context().clearCookies({ name: 'atrium_session' });
    // Who is asked by autofill and answers nothing presses the button.
    await simulate(here, false);
    await page.goto(`${home}/login/`);
    expect(await page.isVisible('[data-passkey-none]')).toBe(false);
    await tabTo(page, /^Log in with a passkey$/);
    await simulate(here, true);
    await page.keyboard.press('Enter');
    await page.waitForURL(({ pathname }) => pathname === '/dashboard/');

    await page.goto(`${home}/profile/passkeys/`);
    await tabTo(page, /^Remove My laptop$/);
    await page.keyboard.press('Enter');
    await tabTo(page, /^Remove$/);
    await page.keyboard.press('Enter');
    await page.waitForSelector('text=is removed');
    expect(here.complaints).toEqual([]);
    await page.context().close();
  }, 120_000);

  test('sign in by autofill of the sign-in page', async () => {
    const person = await atrium.people.memberOf('Acme', 'autofill@acme.example');
    const here = await device(person);
    const { page } = here;
    await addPasskey(here);
    await page.context().clearCookies({ name: 'atrium_session' });
    expect(await page.evaluate(() => PublicKeyCredential.isConditionalMediationAvailable())).toBe(
      true,
    );
    // The virtual authenticator takes the offer at once, as a person who picks it.
    await page.goto(`${home}/login/?next=/profile/`);
    await page.waitForURL(({ pathname }) => pathname === '/profile/');
    const [session] = await atrium.sql(
      'SELECT methods, assurance FROM session WHERE user_id = $1 ORDER BY created_at DESC LIMIT 1',
      [person.userId],
    );
    expect(session).toEqual({ methods: ['passkey'], assurance: 2 });
    expect(here.complaints).toEqual([]);
    await page.context().close();
  }, 120_000);

  test('complete a sign-in by password', async () => {
    const person = await atrium.people.memberOf('Acme', 'second@acme.example');
    const here = await device(person);
    const { page } = here;
    await addPasskey(here);
    await page.context().clearCookies({ name: 'atrium_session' });
    await simulate(here, false);
    await page.goto(`${home}/login/`);
    await page.fill('[name=email]', person.email);
    await page.fill('[name=password]', PASSWORD);
    await page.keyboard.press('Enter');
    await page.waitForURL(({ pathname }) => pathname === '/login/second-factor/');
    await simulate(here, true);
    await tabTo(page, /^Use a passkey$/);
    await page.keyboard.press('Enter');
    await page.waitForURL(({ pathname }) => pathname === '/dashboard/');
    await page.context().close();
  }, 120_000);

  test('say why they need a script, where there is none', async () => {
    const { page } = await visitor(browser, { javaScriptEnabled: false, locale: 'en' });
    await page.goto(`${home}/login/`);
    expect(await page.isVisible('[data-passkey-none]')).toBe(true);
    expect(await page.textContent('[data-passkey-none]')).toContain('Passkeys need JavaScript');
    expect(await page.isVisible('text=Log in with a passkey')).toBe(false);
    await page.context().close();
  }, 60_000);
});
