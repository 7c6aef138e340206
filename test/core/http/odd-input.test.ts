import { startApp, type TestApp } from '../../support/app.js';
import type { Browser } from '../../support/browser.js';
import { ENGINE } from '../../support/database.js';
import { PASSWORD } from '../../support/people.js';

let atrium: TestApp;
beforeAll(async () => void (atrium = await startApp()));
afterAll(() => atrium.stop());

/** Unusual input for fields. */
const NASTY: readonly string[] = [
  '\u0000',
  'a\u0000b@acme.example',
  '\ud800',
  'x\udfff@acme.example',
  '\u202Eevil\u2066',
  '\ufffe\uffff',
  "'; DROP TABLE users; --",
  '{{constructor.constructor("return process")()}}',
  '${7*7}#{7*7}<%= 7*7 %>',
  '<script>alert(1)</script>"\'>',
  '../../../../etc/passwd%00',
  '%',
  '%E0%A4%A',
  '\r\nSet-Cookie: a=b',
  '9'.repeat(400),
  '-1e309',
  'NaN',
  'null',
  '[object Object]',
  '__proto__',
  '💥'.repeat(60),
  'é'.repeat(120),
  `"${'a'.repeat(64)}"@${'b.'.repeat(90)}example`,
  'a@b@c@acme.example',
  '"very odd"@acme.example',
  'x'.repeat(20_000),
  'İ@acme.example',
  'ａ＠acme.example',
  '2026-13-45T99:99:99Z',
  'e\u0301'.repeat(80),
];

interface TestedForm {
  action: string;
  /** Valid values of the other fields, so that the tested field is processed. */
  good: Record<string, string>;
}

const GUESS = 'not the password';
const OPEN: TestedForm[] = [
  {
    action: '/register/',
    good: {
      email: 'odd@acme.example',
      password: PASSWORD,
      tz_detect: 'Europe/Brussels',
      lang_detect: 'nl-BE',
      country_detect: 'BE',
    },
  },
  { action: '/login/', good: { email: 'odd@acme.example', password: GUESS, next: '/profile/' } },
  { action: '/password-reset/', good: { email: 'odd@acme.example' } },
  { action: `/password-reset/confirm/${'a'.repeat(43)}/`, good: { password: PASSWORD } },
];
const PERSON = { display_name: 'Odd', timezone: 'Europe/Brussels', country: 'BE' };
const SIGNED_IN: TestedForm[] = [
  { action: '/profile/complete/', good: { ...PERSON, next: '/profile/', skip: '' } },
  { action: '/onboarding/create-tenant/', good: { organization: 'Odd', next: '/profile/' } },
  {
    action: '/profile/',
    good: { ...PERSON, theme: 'night', marketing_emails: '1', remove_avatar: '1' },
  },
  {
    action: '/profile/password/',
    good: { current_password: GUESS, new_password: 'copper window violin' },
  },
  { action: '/profile/email/', good: { email: 'new@acme.example', password: PASSWORD } },
  { action: '/profile/deactivate/', good: { password: GUESS } },
  { action: '/theme/set/', good: { theme: 'night', next: '/' } },
  { action: '/i18n/setlang/', good: { language: 'en', next: '/' } },
  { action: '/email/verify/resend/', good: { next: '/' } },
];

const ID = '00000000-0000-4000-8000-000000000000';
const PROJECT = { name: 'Odd', description: 'x', status: 'active', due_date: '2027-01-01' };
/** The forms of an organisation's admin; an act needs its own fields. */
const ADMINS: TestedForm[] = [
  {
    action: '/settings/users/',
    good: { action: 'invite', email: 'a@acme.example, b@acme.example', role: 'member', next: '/' },
  },
  { action: '/settings/users/', good: { action: 'set_role', profile_id: ID, role: 'admin' } },
  { action: '/settings/users/', good: { action: 'resend', invitation_id: ID } },
  {
    action: '/settings/general/',
    good: {
      organization: 'Odd',
      currency: 'EUR',
      timezone: 'Europe/Brussels',
      language: 'nl',
      remove_logo: '1',
      version: '1',
    },
  },
  { action: '/projects/new/', good: PROJECT },
  { action: `/projects/${ID}/edit/`, good: { ...PROJECT, version: '1' } },
];

interface Sent {
  type: 'form' | 'json';
  body: string;
}

/** Input that no browser text field sends. */
const ODD_VALUES: unknown[] = [
  ['a', { a: 1 }],
  { $ne: null, toString: 1, length: -1 },
  1e300,
  null,
  true,
];

/** Every unusual input in one field of an otherwise valid form. */
function oddities(field: string, good: Record<string, string>): Sent[] {
  const rest = new URLSearchParams(good);
  rest.delete(field);
  const others = rest.toString();
  const form = (own: string): Sent => ({ type: 'form', body: `${others}&${own}` });
  const json = (value: unknown): Sent => ({
    type: 'json',
    body: JSON.stringify({ ...good, [field]: value }),
  });
  return [
    ...NASTY.map((text) => form(`${field}=${encodeURIComponent(text.toWellFormed())}`)),
    // What a form cannot say, JSON can.
    ...NASTY.filter((text) => !text.isWellFormed() || text.includes('\u0000')).map(json),
    ...ODD_VALUES.map(json),
    form(`${field}=a&${field}=b`),
    form(`${field}[]=a&${field}[x]=b&${field}[__proto__][x]=1`),
    form(field),
    { type: 'json', body: '{"__proto__":{"email":"x"},"constructor":{"prototype":1}}' },
  ];
}

/** On a server a third of it: what a field makes of a text is the same there. */
function sample(all: Sent[]): Sent[] {
  return ENGINE === 'embedded' ? all : all.filter((_, index) => index % 3 === 0);
}

async function failures(
  newBrowser: () => Promise<Browser>,
  forms: TestedForm[],
): Promise<string[]> {
  const found: string[] = [];
  for (const { action, good } of forms) {
    let browser = await newBrowser();
    let token = await browser.token();
    for (const field of Object.keys(good)) {
      for (const { type, body } of sample(oddities(field, good))) {
        const { status } = await browser.agent
          .post(action)
          .set('X-CSRF-Token', token)
          .type(type)
          .send(body)
          .redirects(0)
          .ok(() => true);
        if (status >= 500 || status === 419)
          found.push(`${action} ${body.slice(0, 200)}: ${status}`);
        // Somebody was signed in: what comes next is for strangers again.
        if (browser.cookie('csrf') === token) continue;
        browser = await newBrowser();
        token = await browser.token();
      }
    }
  }
  return found;
}

test('nothing a stranger types can break a form', async () => {
  expect(await failures(() => Promise.resolve(atrium.browser()), OPEN)).toEqual([]);
}, 180_000);

test('nothing a member types can break a form', async () => {
  let made = 0;
  const member = async () =>
    (await atrium.people.memberOf('Acme', `member${++made}@acme.example`)).browser;
  expect(await failures(member, SIGNED_IN)).toEqual([]);
}, 180_000);

test('nothing an admin types can break a form', async () => {
  let made = 0;
  const admin = async () =>
    (await atrium.people.adminOf('Odd', `admin${++made}@acme.example`)).browser;
  expect(await failures(admin, ADMINS)).toEqual([]);
}, 180_000);

test('no name can break the making of an organisation', async () => {
  for (const [n, organization] of NASTY.entries()) {
    const { browser } = await atrium.people.newcomer(`founder${n}@acme.example`);
    const answer = await browser.post('/onboarding/create-tenant/', {
      organization: organization.toWellFormed(),
    });
    expect([organization, [303, 422].includes(answer.status)]).toEqual([organization, true]);
    await browser.post('/profile/complete/', { skip: '1' });
    expect([200, 302]).toContain((await browser.visit('/dashboard/')).status);
  }
}, 180_000);

test('nothing in an address can break a page', async () => {
  const { browser } = await atrium.people.adminOf('Acme', 'reader@acme.example');
  const paths = NASTY.filter((text) => text.length < 2_000)
    .map((text) => encodeURIComponent(text.toWellFormed()))
    .flatMap((part) => [
      `/${part}`,
      `/login/?next=${part}&${part}=1&next[]=${part}`,
      `/profile/complete/?next=${part}`,
      `/onboarding/create-tenant/?next=${part}&next=${part}`,
      `/email/verify/${part}/`,
      `/email/verify/?next=${part}`,
      `/email/change/${part}/`,
      `/password-reset/confirm/${part}/`,
      `/media/${part}/${part}`,
      `/media/avatar/${part}.webp`,
      `/settings/users/?q=${part}&role=${part}&state=invited&after=${part}`,
      `/settings/users/?q=${part}&before=${part}`,
      `/settings/data/${part}/download/`,
      `/projects/?q=${part}&sort=${part}&status=${part}&page=${part}`,
      `/projects/${part}/`,
      `/assets/${part}`,
      `/dev/mail/${part}/`,
    ]);
  const broken: string[] = [];
  const stranger = atrium.browser();
  for (const path of paths) {
    // What is behind the sign-in is for members, the rest for anybody.
    const visitor = /^\/(login|password-reset)/.test(path) ? stranger : browser;
    const { status } = await visitor.visit(path);
    if (status >= 500) broken.push(`${path}: ${status}`);
  }
  expect(broken).toEqual([]);
}, 180_000);

test('nothing in a header can break a page', async () => {
  const behindProxy = await startApp({ TRUST_PROXY: '1' });
  try {
    const values = [
      '',
      'x',
      '%00',
      "'",
      '[::1',
      '::ffff:1.2.3.4',
      'fe80::1%eth0',
      '1.2.3.4, x',
      '999.1.1.1',
    ];
    const names = ['X-Forwarded-For', 'User-Agent', 'Accept-Language', 'Referer', 'X-Request-Id'];
    const broken: string[] = [];
    let made = 0;
    for (const name of [...names, 'Accept', 'X-Forwarded-Proto', 'X-Forwarded-Host', 'Origin']) {
      for (const value of values) {
        const browser = behindProxy.browser();
        await browser.visit('/register/');
        browser.with(name, value);
        const answer = await browser.submit('/register/', {
          email: `header${++made}@acme.example`,
          password: PASSWORD,
        });
        if (answer.status >= 500) broken.push(`${name}: ${value} → ${answer.status}`);
      }
    }
    expect(broken).toEqual([]);
  } finally {
    await behindProxy.stop();
  }
});
