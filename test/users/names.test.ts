import fc from 'fast-check';
import { cleanName } from '../../src/core/utils/names.js';
import { startApp, type TestApp } from '../support/app.js';
import { PASSWORD, type Person } from '../support/people.js';

let atrium: TestApp;
let anna: Person;

beforeAll(async () => {
  atrium = await startApp();
  anna = await atrium.people.adminOf('Acme', 'anna@acme.test');
});
afterAll(() => atrium.stop());

const WITH_ADDRESS = {
  en: 'Leave out web and e-mail addresses: this name also stands in mails to other people.',
  'nl-be': 'Laat web- en e-mailadressen weg: deze naam staat ook in e-mails aan anderen.',
  'fr-be':
    'N’indiquez ni adresse web ni adresse e-mail : ce nom figure aussi dans des e-mails à d’autres personnes.',
};

describe.each(Object.entries(WITH_ADDRESS))('In %s', (language, refusal) => {
  beforeAll(() => anna.browser.post('/i18n/setlang/', { language }));
  afterAll(() => anna.browser.post('/i18n/setlang/', { language: 'en' }));

  test.each([
    'URGENT https://evil.example/login',
    'see www.evil.example',
    'Support desk@evil.example',
    'ｈｔｔｐｓ：／／evil.example',
  ])('%s is neither the name of a person nor of an organisation', async (name) => {
    const person = await anna.browser.fill('/profile/', { display_name: name });
    expect(person.status).toBe(422);
    expect(person.errorOf('display_name')).toContain(refusal);
    expect(person.value('display_name')).toBe(name);
    const organisation = await anna.browser.fill('/settings/general/', { organization: name });
    expect(organisation.status).toBe(422);
    expect(organisation.errorOf('organization')).toContain(refusal);
  });
});

test('the API refuses them alike, and line breaks', async () => {
  const api = await atrium.api().login('anna@acme.test', PASSWORD);
  for (const [path, field] of [
    ['/me', 'display_name'],
    ['/tenant', 'organization'],
  ] as const) {
    for (const [name, detail] of [
      ['https://evil.example', WITH_ADDRESS.en],
      ['Acme\nBcc: all@evil.example', 'Write this on one line.'],
      ['Acme\u2028Bcc', 'Write this on one line.'],
    ] as const) {
      const answer = await api.send('PATCH', path, { [field]: name });
      expect([path, name, answer.status]).toEqual([path, name, 422]);
      expect(JSON.stringify(answer.body)).toContain(`/${field}`);
      expect(JSON.stringify(answer.body)).toContain(detail);
    }
  }
});

test('an organisation cannot be founded under such a name', async () => {
  const { browser } = await atrium.people.newcomer('founder@acme.test');
  await browser.fill('/profile/complete/', { skip: '1' });
  const refused = await browser.fill('/onboarding/create-tenant/', {
    organization: 'Pay at www.evil.example',
  });
  expect(refused.status).toBe(422);
  expect(refused.errorOf('organization')).toContain(WITH_ADDRESS.en);
});

test('who had such a name before still signs in, is shown and invites', async () => {
  const old = await atrium.people.adminOf('Old https://old.example', 'old@acme.test');
  await atrium.sql(`UPDATE user_profile SET display_name = 'www.old.example' WHERE user_id = $1`, [
    old.userId,
  ]);
  expect((await old.browser.visit('/dashboard/')).at('h1')).toBe('Welcome www.old.example');
  const form = { action: 'invite', email: 'friend@acme.test', role: 'member' };
  expect((await old.browser.fill('/settings/users/', form)).status).toBe(303);
  const { subject, text } = await atrium.mails.expect('friend@acme.test');
  expect(`${subject} ${text}`).not.toMatch(/old\.example|https:\/\/old/);
});

test.each([
  ['Bol.com', 'Bol.com'],
  ['Janssens & Zonen B.V.', 'Janssens & Zonen B.V.'],
  ['Café ☕️ 24/7: open', 'Café ☕️ 24/7: open'],
  ['می‌خواهم', 'می‌خواهم'],
  ['क्‍ष', 'क्‍ष'],
  ['👩‍👩‍👧 👩🏽‍🚀 ❤️ 🏴󠁧󠁢󠁷󠁬󠁳󠁿', '👩‍👩‍👧 👩🏽‍🚀 ❤️ 🏴󠁧󠁢󠁷󠁬󠁳󠁿'],
  ['葛󠄀城', '葛󠄀城'],
  ['דנה לוי', 'דנה לוי'],
  ['\u202Egnp.ebmeE\u202C', 'gnp.ebmeE'],
  ['An\u200Bna\u2060 \uFEFF\u200Fde\u00ADWit', 'Anna deWit'],
  ['Anna\u200D\u200C', 'Anna'],
  ['  Zoë\u0000d’Hondt\t  jr. ', 'Zoë d’Hondt jr.'],
])('the name %j is kept as %j', async (typed, kept) => {
  const saved = await anna.browser.fill('/profile/', { display_name: typed });
  expect(saved.status).toBe(303);
  expect((await anna.browser.visit('/profile/')).value('display_name')).toBe(kept);
});

test('a name of nothing that can be seen is no name', async () => {
  const form = { organization: '\u200B\u202E \u2060' };
  const refused = await anna.browser.fill('/settings/general/', form);
  expect(refused.status).toBe(422);
  expect(refused.errorOf('organization')).toContain('Fill in this field.');
});

test('whatever is typed, a cleaned name holds no bidirectional control and cleans to itself', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (typed) => {
      const name = cleanName(typed);
      expect(name).not.toMatch(/[\u202A-\u202E\u2066-\u2069\u200B\u200E\u200F\u2060\uFEFF]/);
      expect(cleanName(name)).toBe(name);
    }),
  );
});

test('whatever is typed as a name is saved or refused, never an error of ours', async () => {
  const api = await atrium.api().login('anna@acme.test', PASSWORD);
  const odd = fc.constantFrom('\u202E', '\u200D', '@', '://', 'www.', '\u0000', '\n', '👩', 'क्');
  const text = fc.array(fc.oneof(odd, fc.string({ unit: 'binary', maxLength: 20 })), {
    maxLength: 8,
  });
  const typed = text.map((parts) => parts.join(''));
  const patch = fc.asyncProperty(typed, async (name) => {
    const { status } = await api.send('PATCH', '/me', { display_name: name });
    expect([200, 422]).toContain(status);
  });
  await fc.assert(patch, { numRuns: 60 });
});
