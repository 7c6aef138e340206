import type { TestApp } from '../../support/app.js';
import { SoftwareAuthenticator } from '../../support/authenticator.js';
import type { Browser } from '../../support/browser.js';
import { setUpApp, waiting, type WithFactor } from '../../support/factors.js';
import { linkIn } from '../../support/mailbox.js';
import { signInByPasskey } from '../../support/passkeys.js';
import { PASSWORD, type Person } from '../../support/people.js';

export const PAGE = '/login/second-factor/';

/** A person who comes in, and what they have to show. */
export interface Comer extends Partial<WithFactor> {
  person: Person;
  password: string;
  authenticator?: SoftwareAuthenticator;
}

/** What somebody has besides the password. */
export const FACTORS = ['no factor', 'authenticator app', 'passkey'] as const;
export type Factor = (typeof FACTORS)[number];

let made = 0;

export async function comer(
  atrium: TestApp,
  factor: Factor,
  organization = 'Proof',
): Promise<Comer> {
  const email = `comer-${++made}@proof.example`;
  const person = organization
    ? await atrium.people.memberOf(organization, email)
    : await atrium.people.newcomer(email);
  const shown = await FACTOR[factor](atrium, person);
  return { person, password: PASSWORD, ...shown };
}

const FACTOR: Record<Factor, (atrium: TestApp, person: Person) => Promise<Partial<Comer>>> = {
  'no factor': () => Promise.resolve({}),
  'authenticator app': setUpApp,
  passkey: async (_, { browser }) => {
    const authenticator = new SoftwareAuthenticator();
    const passkey = authenticator.create(await optionsOf(browser, '/profile/passkeys/options/'));
    await browser.visit('/profile/passkeys/new/');
    const added = await browser.submit('/profile/passkeys/', { name: 'Key', passkey });
    if (added.status !== 200) throw new Error(`No passkey was added: ${added.status}`);
    return { authenticator, recoveryCodes: added.at('#recovery-codes').split(' ') };
  },
};

/** Holds a passkey that nobody has added. */
function unknown(): SoftwareAuthenticator {
  const authenticator = new SoftwareAuthenticator();
  authenticator.create({ challenge: 'AAAA', user: { id: 'A'.repeat(22) } });
  return authenticator;
}

export const optionsOf = async (browser: Browser, path: string) =>
  (await browser.visit(path)).response.body as { challenge: string; user: { id: string } };

/** Somebody who reads the mail of that address has confirmed it. */
export const prove = (atrium: TestApp, { person }: Comer) =>
  atrium.sql('UPDATE users SET email_verified_at = now() WHERE id = $1', [person.userId]);

/** What a way in has led to: the newest session or waiting sign-in of that person. */
export interface Outcome {
  sessions: number;
  waiting: number;
  assurance: number | null;
}

export async function outcomeSince(atrium: TestApp, userId: string, since: Date): Promise<Outcome> {
  const [row] = await atrium.sql<Outcome>(
    `SELECT (SELECT count(*)::int FROM session WHERE user_id = $1 AND created_at > $2) AS sessions,
       (SELECT count(*)::int FROM pending_sign_in WHERE user_id = $1 AND created_at > $2) AS waiting,
       (SELECT max(assurance)::int FROM session WHERE user_id = $1 AND created_at > $2) AS assurance`,
    [userId, since],
  );
  return row!;
}

export async function nowIn(atrium: TestApp): Promise<Date> {
  const [row] = await atrium.sql<{ now: Date }>('SELECT clock_timestamp() AS now');
  return row!.now;
}

export interface WayIn {
  name: string;
  /** Whether it may open a session at all; a mailed link alone never does. */
  opens: boolean;
  /** Where the person must have no organisation yet. */
  isForNewcomers?: true;
  /** Is two factors in one: nothing waits. */
  factor?: Factor;
  /** Whether the person has confirmed their address before. */
  isProven?: true;
  /** Of an address that nobody had confirmed: the factors may be a stranger's, and go. */
  removesFactors?: true;
  go(atrium: TestApp, comer: Comer): Promise<unknown>;
}

const byPassword = (atrium: TestApp, { person, password }: Comer) =>
  atrium.browser().fill('/login/', { email: person.email, password });

const resetLink = async (atrium: TestApp, { person }: Comer) => {
  await atrium.browser().fill('/password-reset/', { email: person.email });
  return linkIn(await atrium.mails.expect(person.email, /asked for a new password/));
};

const NEW_PASSWORD = 'velvet harbour comet';

async function resetThenPassword(atrium: TestApp, comer: Comer): Promise<unknown> {
  await atrium.browser().fill(await resetLink(atrium, comer), { password: NEW_PASSWORD });
  return byPassword(atrium, { ...comer, password: NEW_PASSWORD });
}

/** Every way in. */
export const WAYS_IN: WayIn[] = [
  { name: 'password, page', opens: true, go: byPassword },
  {
    name: 'password, API',
    opens: true,
    go: (atrium, { person, password }) =>
      atrium.api().post('/auth/login', { email: person.email, password }),
  },
  {
    name: 'passkey, page',
    opens: true,
    factor: 'passkey',
    go: async (atrium, { authenticator = unknown() }) => {
      const browser = atrium.browser();
      const options = await optionsOf(browser, '/login/passkey/options/');
      await browser.visit('/login/');
      return browser.submit('/login/passkey/', { passkey: authenticator.get(options) });
    },
  },
  {
    name: 'passkey, API',
    opens: true,
    factor: 'passkey',
    go: (atrium, { authenticator = unknown() }) => signInByPasskey(atrium.api(), authenticator),
  },
  {
    name: 'reset link, page',
    opens: false,
    isProven: true,
    go: async (atrium, comer) =>
      atrium.browser().fill(await resetLink(atrium, comer), { password: NEW_PASSWORD }),
  },
  {
    name: 'reset link, then the new password',
    opens: true,
    isProven: true,
    go: resetThenPassword,
  },
  {
    name: 'the same, of an address nobody had confirmed',
    opens: true,
    removesFactors: true,
    go: resetThenPassword,
  },
  {
    name: 'reset through the API, then the new password',
    opens: true,
    isProven: true,
    go: async (atrium, comer) => {
      const token = (await resetLink(atrium, comer)).split('/').filter(Boolean).at(-1)!;
      await atrium.api().post('/auth/password-reset/confirm', { token, password: NEW_PASSWORD });
      const { email } = comer.person;
      return atrium.api().post('/auth/login', { email, password: NEW_PASSWORD });
    },
  },
  {
    name: 'link that verifies an address',
    opens: false,
    go: async (atrium, { person }) => {
      const link = linkIn(await atrium.mails.expect(person.email, /email\/verify/));
      return atrium.browser().press(link);
    },
  },
  {
    name: 'invitation, page, not signed in',
    opens: false,
    isForNewcomers: true,
    go: async (atrium, { person, password }) => {
      const link = await invitation(atrium, person.email);
      return atrium.browser().post(link, { password, password_confirm: password });
    },
  },
  {
    name: 'invitation, API, by password',
    opens: true,
    isForNewcomers: true,
    go: async (atrium, { person, password }) => {
      const token = (await invitation(atrium, person.email)).split('/').filter(Boolean).at(-1)!;
      return atrium.api().post('/invitations/accept', { token, password });
    },
  },
];

async function invitation(atrium: TestApp, email: string): Promise<string> {
  const admin = await atrium.people.adminOf('Inviting', `host-${++made}@proof.example`);
  await admin.browser.visit('/settings/users/');
  await admin.browser.submit('/settings/users/', { email, role: 'member' });
  return linkIn(await atrium.mails.expect(email, /Inviting/));
}

export interface ShownProof {
  name: string;
  opens: boolean;
  /** `browser`: the one in which the sign-in waits. */
  show(comer: Comer, browser: Browser, atrium: TestApp): Promise<Record<string, string>>;
}

export const OPTIONS = `${PAGE}options/`;

export const NO_PROOFS = [
  { name: 'nothing', opens: false, show: () => Promise.resolve({}) },
  {
    name: 'a recovery code of nobody',
    opens: false,
    show: () => Promise.resolve({ recovery_code: 'AAAA-AAAA-AAAA-AAAA-AAAA-AAAA' }),
  },
];

/** What is shown to a sign-in that waits for an authenticator app, and whether it opens. */
export const PROOFS: ShownProof[] = [
  ...NO_PROOFS,
  {
    name: 'a wrong code',
    opens: false,
    show: ({ app }) => Promise.resolve({ code: app!.wrong() }),
  },
  { name: 'the code', opens: true, show: async ({ app }) => ({ code: await app!.next() }) },
  {
    name: 'a recovery code',
    opens: true,
    show: ({ recoveryCodes }) => Promise.resolve({ recovery_code: recoveryCodes![0]! }),
  },
  {
    name: 'the same recovery code again',
    opens: false,
    show: ({ recoveryCodes }) => Promise.resolve({ recovery_code: recoveryCodes![0]! }),
  },
];

/** The same for a passkey. */
export const PASSKEY_PROOFS: ShownProof[] = [
  ...NO_PROOFS,
  {
    name: 'the passkey of somebody else',
    opens: false,
    show: async (_, browser, atrium) => {
      const { authenticator } = await comer(atrium, 'passkey');
      return { passkey: authenticator!.get(await optionsOf(browser, OPTIONS)) };
    },
  },
  {
    name: 'the passkey, for the page of sign-in',
    opens: false,
    show: async ({ authenticator }, browser) => {
      const options = await optionsOf(browser, '/login/passkey/options/');
      return { passkey: authenticator!.get(options) };
    },
  },
  {
    name: 'the passkey, for another sign-in that waits',
    opens: false,
    show: async (own, _, atrium) => {
      const other = await waitingFor(atrium, own);
      return { passkey: own.authenticator!.get(await optionsOf(other, OPTIONS)) };
    },
  },
  {
    name: 'the passkey',
    opens: true,
    show: async ({ authenticator }, browser) => ({
      passkey: authenticator!.get(await optionsOf(browser, OPTIONS)),
    }),
  },
  {
    name: 'a recovery code',
    opens: true,
    show: ({ recoveryCodes }) => Promise.resolve({ recovery_code: recoveryCodes![0]! }),
  },
];

export const waitingFor = (atrium: TestApp, { person, password }: Comer) =>
  waiting(atrium, person.email, password);
