import { jest } from '@jest/globals';
import request from 'supertest';
import { brand } from '../../src/core/brand/brand.js';
import { DatabaseProbe } from '../../src/core/database/database-probe.js';
import { PublicPages } from '../../src/core/http/pages/public-pages.js';
import { listed } from '../../src/core/features/registry.js';
import { SessionsService } from '../../src/users/sessions/sessions.service.js';
import { discoverRoutes } from '../isolation/routes.js';
import { startApp, type TestApp } from '../support/app.js';
import { asBytes, headOf as tags } from './head.js';

const ORIGIN = 'https://app.example.com';
let atrium: TestApp;
beforeAll(async () => {
  atrium = await startApp({
    APP_URL: ORIGIN,
    BILLING_PROVIDER: 'sandbox',
    SUPPORT_EMAIL: 'help@example.com',
    SECURITY_CONTACT: 'security@example.com',
  });
});
afterAll(() => atrium.stop());

const file = (path: string, app = atrium) => request(app.server).get(path);

describe('Pages that search engines list', () => {
  test('each is a page for anybody that answers, with a title and a description of its own', async () => {
    const routes = discoverRoutes(atrium.app);
    const seen = new Set<string>();
    const fixed = listed('publicPages').filter(({ isAbove }) => !isAbove);
    for (const { href } of fixed) {
      const route = routes.find(
        ({ method, path }) => method === 'GET' && `${path.replace(/\/$/, '')}/` === href,
      );
      expect([href, route?.access]).toEqual([href, 'public']);
      const page = await atrium.browser().visit(href);
      expect([href, page.status]).toEqual([href, 200]);
      const { description, title } = tags(page);
      expect(description!.length).toBeGreaterThan(20);
      seen.add(`${title} ${description}`);
    }
    expect(seen.size).toBe(fixed.length);
  });

  test('a page has a canonical address, and one for each language that answers in it', async () => {
    const page = await atrium.browser().with('accept-language', 'fr').visit('/contact/');
    const { canonical, alternates } = tags(page);
    expect(canonical).toBe(`${ORIGIN}/contact/`);
    expect(alternates).toEqual({
      en: `${ORIGIN}/contact/?lang=en`,
      nl: `${ORIGIN}/contact/?lang=nl`,
      fr: `${ORIGIN}/contact/?lang=fr`,
      'x-default': `${ORIGIN}/contact/`,
    });
    for (const [language, path] of Object.entries(alternates)) {
      if (language === 'x-default') continue;
      const shown = await atrium
        .browser()
        .with('accept-language', 'en')
        .visit(path.slice(ORIGIN.length));
      expect(shown.document.querySelector('html')!.getAttribute('lang')).toMatch(language);
      expect(tags(shown).canonical).toBe(path);
    }
  });

  test('the language of an address is for that page only: nothing is kept, and the language menu wins', async () => {
    const browser = atrium.browser().with('accept-language', 'en');
    const dutch = await browser.visit('/contact/?lang=nl');
    expect(dutch.at('h1')).toBe('Contact');
    expect(
      (await browser.visit('/contact/')).document.querySelector('html')!.getAttribute('lang'),
    ).toBe('en');
    expect(
      (await browser.visit('/login/?lang=nl')).document.querySelector('html')!.getAttribute('lang'),
    ).toBe('en');
    // The form of the menu leads back to the address without the language.
    const next = dutch.document.querySelector('form[action="/i18n/setlang/"] [name="next"]')!;
    expect(next.getAttribute('value')).toBe('/contact/');
  });

  test.each([
    '?lang=xx',
    '?lang=',
    '?lang=nl&lang=fr',
    '?lang[]=nl',
    '?lang=%00',
    '?lang=__proto__',
  ])('an address with %s is answered in the language of the visitor', async (query) => {
    const page = await atrium.browser().with('accept-language', 'en').visit(`/contact/${query}`);
    expect([page.status, tags(page).canonical]).toEqual([200, `${ORIGIN}/contact/`]);
  });

  test('a shared link shows name, title, text and picture', async () => {
    const { openGraph } = tags(await atrium.browser().visit('/?lang=nl'));
    expect(openGraph).toMatchObject({
      'og:site_name': brand.name,
      'og:url': `${ORIGIN}/?lang=nl`,
      'og:locale': 'nl_BE',
      'og:type': 'website',
    });
    const picture = await file(openGraph['og:image']!.slice(ORIGIN.length));
    expect([picture.status, picture.type]).toEqual([200, 'image/png']);
    const body = picture.body as Buffer;
    expect([body.readUInt32BE(16), body.readUInt32BE(20)]).toEqual([1200, 630]);
  });

  test('every other page asks search engines to leave it out, and so does an error', async () => {
    const anna = await atrium.people.memberOf('Acme', 'anna@acme.example');
    for (const page of [
      await atrium.browser().visit('/login/'),
      await atrium.browser().visit('/nowhere/'),
      await anna.browser.visit('/dashboard/'),
    ]) {
      expect(tags(page)).toMatchObject({ robots: 'noindex', canonical: undefined, openGraph: {} });
    }
    expect(tags(await atrium.browser().visit('/'))).toMatchObject({ robots: undefined });
  });

  test('the sitemap names every page in every language, and robots.txt names the sitemap', async () => {
    const robots = await file('/robots.txt');
    expect(robots.text).toContain(`Sitemap: ${ORIGIN}/sitemap.xml\n`);
    expect(robots.text).toContain('Disallow: /api/v1/\n');
    const { body, type } = await file('/sitemap.xml').buffer(true).parse(asBytes);
    expect(type).toBe('application/xml');
    const text = String(body);
    const addresses = [...text.matchAll(/<loc>([^<]+)<\/loc>/g)].map(([, address]) => address!);
    const expected = atrium.app
      .get(PublicPages)
      .hrefs.flatMap((href) =>
        ['?lang=en', '?lang=nl', '?lang=fr', ''].map((query) => `${ORIGIN}${href}${query}`),
      );
    expect(addresses.sort()).toEqual(expected.sort());
    for (const address of addresses) {
      const page = await atrium.browser().visit(address.slice(ORIGIN.length));
      expect([address, page.status, tags(page).canonical]).toEqual([address, 200, address]);
    }
  });

  test('the pages about the resources of the API are listed, and only those that there are', async () => {
    const { hrefs } = atrium.app.get(PublicPages);
    const overview = await atrium.browser().visit('/api/docs/');
    const links = overview.document
      .querySelectorAll('a[href^="/api/docs/resources/"]')
      .map((link) => link.getAttribute('href')!.replace(/#.*/, ''));
    expect(links.length).toBeGreaterThan(5);
    expect(hrefs).toEqual(expect.arrayContaining(links));
    const [first = ''] = links;
    const dutch = await atrium.browser().visit(`${first}?lang=nl`);
    expect(dutch.document.querySelector('html')!.getAttribute('lang')).toBe('nl-BE');
    expect(tags(dutch)).toMatchObject({
      robots: undefined,
      canonical: `${ORIGIN}${first}?lang=nl`,
    });
    for (const path of ['/api/docs/resources/', '/api/docs/resources/nothing/']) {
      expect(tags(await atrium.browser().visit(path))).toMatchObject({ robots: 'noindex' });
    }
  });

  test('what nobody can open is not listed: there is no price where nothing is sold', async () => {
    const nothingSold = await startApp({ BILLING_PROVIDER: 'off' });
    try {
      const { body } = await file('/sitemap.xml', nothingSold).buffer(true).parse(asBytes);
      const text = String(body);
      expect(text).toContain('/contact/');
      expect(text).not.toContain('/pricing/');
      const home = await nothingSold.browser().visit('/');
      expect(home.document.querySelector('footer a[href="/contact/"]')).not.toBeNull();
      expect(home.document.querySelector('footer a[href="/pricing/"]')).toBeNull();
    } finally {
      await nothingSold.stop();
    }
  });
});

describe('Files at fixed addresses', () => {
  test('a phone finds the manifest, and every icon in it has the size that it says', async () => {
    const page = await atrium.browser().visit('/login/');
    const address = page.document.querySelector('link[rel="manifest"]')!.getAttribute('href')!;
    const answer = await file(address).buffer(true).parse(asBytes);
    expect(answer.type).toBe('application/manifest+json');
    const manifest = JSON.parse((answer.body as Buffer).toString()) as {
      name: string;
      start_url: string;
      icons: { src: string; sizes: string; purpose: string }[];
    };
    expect([manifest.name, manifest.start_url]).toEqual([brand.name, '/dashboard/']);
    expect(manifest.icons.map(({ purpose }) => purpose)).toContain('maskable');
    for (const { src, sizes } of manifest.icons) {
      const { body } = await file(src);
      expect(`${(body as Buffer).readUInt32BE(16)}x${(body as Buffer).readUInt32BE(20)}`).toBe(
        sizes,
      );
    }
  });

  test('browsers that read no page find their icons', async () => {
    const icon = await file('/favicon.ico').buffer(true).parse(asBytes);
    expect([icon.status, icon.type]).toEqual([200, 'image/x-icon']);
    const bytes = icon.body as Buffer;
    expect([bytes.readUInt16LE(2), bytes.readUInt16LE(4), bytes.readUInt8(6)]).toEqual([1, 1, 32]);
    // The picture in it is a whole PNG of 32 pixels.
    const png = bytes.subarray(bytes.readUInt32LE(18));
    expect([png.length, png.readUInt32BE(16)]).toEqual([bytes.readUInt32LE(14), 32]);
    const touch = await file('/apple-touch-icon.png');
    expect([touch.type, (touch.body as Buffer).readUInt32BE(16)]).toEqual(['image/png', 180]);
  });

  test('a researcher finds where to report a weakness (RFC 9116), and nothing where nobody said', async () => {
    const { text } = await file('/.well-known/security.txt');
    expect(text).toContain('Contact: mailto:security@example.com\n');
    expect(text).toContain(`Canonical: ${ORIGIN}/.well-known/security.txt\n`);
    const until = +new Date(/Expires: (.+)/.exec(text)![1]!);
    expect(until).toBeGreaterThan(Date.now());
    expect(until).toBeLessThan(Date.now() + 365 * 86_400_000);
    const silent = await startApp();
    try {
      expect((await file('/.well-known/security.txt', silent)).status).toBe(404);
      expect((await silent.browser().visit('/contact/')).text).not.toContain('security.txt');
    } finally {
      await silent.stop();
    }
  });
});

describe('Contact and status', () => {
  test('the page Contact says where help is, and that a template is not filled in', async () => {
    const page = await atrium.browser().visit('/contact/');
    expect(page.document.querySelector('a[href="mailto:help@example.com"]')).not.toBeNull();
    expect(page.text.includes('This is a template')).toBe(brand.company === null);
  });

  test('the page Status says which part does not work, and answers all the same, to whoever is signed in too', async () => {
    const anna = await atrium.people.memberOf('Down', 'anna@down.example');
    expect((await atrium.browser().visit('/status/')).text).toContain('Everything works.');
    const probe = atrium.app.get(DatabaseProbe);
    const gone = Object.assign(new Error('no connection'), { code: 'ECONNREFUSED' });
    const ping = jest.spyOn(probe, 'ping').mockRejectedValue(gone);
    const sessions = atrium.app.get(SessionsService);
    const read = jest.spyOn(sessions, 'authenticate').mockRejectedValue(gone);
    try {
      const hers = await anna.browser.visit('/status/');
      expect([hers.status, hers.text]).toEqual([200, expect.stringContaining('does not work')]);
      expect((await anna.browser.visit('/dashboard/')).status).toBe(503);
      const page = await atrium.browser().visit('/status/');
      expect([page.status, page.text]).toEqual([
        200,
        expect.stringContaining('A part does not work'),
      ]);
      expect(page.text).toContain('DatabaseDoes not work');
    } finally {
      ping.mockRestore();
      read.mockRestore();
    }
  });
});
