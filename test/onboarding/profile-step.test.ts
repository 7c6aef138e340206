import { suggest, type Places } from '../../src/profile/onboarding/suggestions.js';
import { startApp, type TestApp } from '../support/app.js';
import type { Browser } from '../support/browser.js';
import { PASSWORD } from '../support/people.js';

let atrium: TestApp;
beforeAll(async () => void (atrium = await startApp()));
afterAll(() => atrium.stop());

let made = 0;
async function registered(hints: Record<string, string>): Promise<Browser> {
  const browser = atrium.browser();
  const email = `guess${++made}@acme.example`;
  await browser.fill('/register/', { email, password: PASSWORD, ...hints });
  return browser;
}

const banner = (browser: Browser) =>
  browser.visit('/profile/complete/').then((page) => page.at('.notice-info'));

test('what the browser told is filled in, and said to be a guess', async () => {
  const browser = await registered({ tz_detect: 'Europe/Paris', country_detect: 'fr' });
  const page = await browser.visit('/profile/complete/');
  expect([page.value('timezone'), page.value('country')]).toEqual(['Europe/Paris', 'FR']);
  expect(page.at('.notice-info')).toContain('what your browser told us');
});

test('somebody in Brussels who reads British English is taken to live in Belgium', async () => {
  const hints = { tz_detect: 'Europe/Brussels', lang_detect: 'en-GB', country_detect: 'GB' };
  const browser = await registered(hints);
  const page = await browser.visit('/profile/complete/');
  expect([page.value('timezone'), page.value('country')]).toEqual(['Europe/Brussels', 'BE']);
});

test('the country follows from the time zone when the browser names none', async () => {
  const browser = await registered({ tz_detect: 'Europe/Amsterdam' });
  const page = await browser.visit('/profile/complete/');
  expect([page.value('timezone'), page.value('country')]).toEqual(['Europe/Amsterdam', 'NL']);
  expect(page.at('.notice-info')).not.toBe('');
});

test('an older name of a time zone is understood, shown and kept', async () => {
  const browser = await registered({ tz_detect: 'Asia/Calcutta' });
  const page = await browser.visit('/profile/complete/');
  expect([page.value('timezone'), page.value('country')]).toEqual(['Asia/Calcutta', 'IN']);
  expect((await browser.submit('/profile/complete/', {})).status).toBe(303);
  const again = await browser.visit('/profile/complete/');
  expect(again.value('timezone')).toBe('Asia/Calcutta');
});

test('a saved profile wins over every guess, and the banner goes', async () => {
  const browser = await registered({ tz_detect: 'Europe/Paris', country_detect: 'FR' });
  expect(await banner(browser)).not.toBe('');
  await browser.visit('/profile/complete/');
  await browser.submit('/profile/complete/', { timezone: 'Europe/Brussels', country: 'BE' });
  const page = await browser.visit('/profile/complete/');
  expect([page.value('timezone'), page.value('country')]).toEqual(['Europe/Brussels', 'BE']);
  expect(page.at('.notice-info')).toBe('');
});

test('putting it off confirms nothing: the banner stays', async () => {
  const browser = await registered({ tz_detect: 'Europe/Paris' });
  await browser.visit('/profile/complete/');
  await browser.submit('/profile/complete/', { skip: '1' });
  expect(await banner(browser)).not.toBe('');
});

test('without a hint nothing is filled in and nothing claimed', async () => {
  const browser = await registered({});
  const page = await browser.visit('/profile/complete/');
  expect([page.value('timezone'), page.value('country'), page.at('.notice-info')]).toEqual([
    '',
    '',
    '',
  ]);
});

test.each([
  ['timezone', 'Europe/Atlantis', 'Choose a time zone from the list.'],
  ['timezone', 'x'.repeat(65), 'Use at most 64 characters.'],
  ['country', 'XX', 'Choose a country from the list.'],
  ['country', 'Belgium', 'Use at most 2 characters.'],
  ['display_name', 'x'.repeat(101), 'Use at most 100 characters.'],
])('%s "%s" is refused at the field, and the rest stays typed', async (field, value, reason) => {
  const browser = await registered({});
  await browser.visit('/profile/complete/?next=/profile/');
  const typed = { display_name: 'Typed', timezone: 'Europe/Brussels', country: 'BE' };
  const refused = await browser.submit('/profile/complete/', { ...typed, [field]: value });
  expect(refused.status).toBe(422);
  expect(refused.errorOf(field)).toContain(reason);
  expect(refused.document.querySelectorAll('[role="alert"]')).toHaveLength(1);
  const kept = field === 'display_name' ? 'timezone' : 'display_name';
  expect(refused.value(kept)).toBe(typed[kept]);
  expect(refused.form('/profile/complete/').next).toBe('/profile/');
  expect((await browser.visit('/dashboard/')).location).toContain('/profile/complete/');
});

test('everything may be left empty', async () => {
  const browser = await registered({ tz_detect: 'Europe/Paris' });
  await browser.visit('/profile/complete/');
  const saved = await browser.submit('/profile/complete/', {
    display_name: '  ',
    timezone: '',
    country: '',
  });
  expect(saved.status).toBe(303);
  const [row] = await atrium.sql(
    `SELECT display_name AS name, timezone_id AS zone, country_id AS country FROM user_profile p
     JOIN users u ON u.id = p.user_id WHERE u.email = $1`,
    [`guess${made}@acme.example`],
  );
  expect(row).toEqual({ name: null, zone: null, country: null });
});

test('a name is kept as people write it', async () => {
  const names = ["  Zoë\u0000d'Hondt\t", '<b>Bob</b>', '名前 👩‍👩‍👧', 'e\u0301mile'];
  const shown = ["Zoë d'Hondt", '<b>Bob</b>', '名前 👩‍👩‍👧', 'émile'];
  const browser = await registered({});
  for (const [n, name] of names.entries()) {
    await browser.visit('/profile/complete/');
    await browser.submit('/profile/complete/', { display_name: name });
    const page = await browser.visit('/profile/complete/');
    expect(page.value('display_name')).toBe(shown[n]);
    expect(page.document.querySelector('main b')).toBeNull();
  }
});

describe('sources of a suggestion', () => {
  const places: Places = {
    isTimezone: (name) => Promise.resolve(name !== 'Mars/Base'),
    isCountry: (code) => Promise.resolve(code !== 'XX'),
    countryOf: (zone) => Promise.resolve(zone === 'Europe/Brussels' ? 'BE' : null),
    countryOfVisitor: () => Promise.resolve('LU'),
  };
  const nothing = { timezone: null, country: null };

  test.each([
    [
      { timezone: 'Europe/Rome', country: 'IT' },
      { timezone: 'Europe/Paris', country: 'FR' },
      'Europe/Rome',
      'IT',
      null,
    ],
    [nothing, { timezone: 'Europe/Brussels', country: 'GB' }, 'Europe/Brussels', 'BE', 'browser'],
    [nothing, { timezone: 'Europe/Brussels', country: 'BE' }, 'Europe/Brussels', 'BE', 'browser'],
    [nothing, { timezone: 'Mars/Base', country: 'GB' }, null, 'GB', 'browser'],
    [nothing, { country: 'GB' }, null, 'GB', 'browser'],
    [nothing, { timezone: 'Europe/Brussels' }, 'Europe/Brussels', 'BE', 'browser'],
    [{ timezone: 'Europe/Brussels', country: null }, {}, 'Europe/Brussels', 'BE', 'timezone'],
    [
      { timezone: 'Europe/Brussels', country: null },
      { country: 'XX' },
      'Europe/Brussels',
      'BE',
      'timezone',
    ],
    [nothing, { timezone: 'Mars/Base' }, null, 'LU', 'geoip'],
    [{ timezone: null, country: 'BE' }, {}, null, 'BE', null],
  ])('saved %j and hints %j', async (saved, hints, timezone, country, source) => {
    expect(await suggest(saved, hints, places)).toEqual({ timezone, country, source });
  });
});
