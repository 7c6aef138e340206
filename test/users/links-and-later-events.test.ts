import { startApp, type TestApp } from '../support/app.js';
import { linkIn } from '../support/mailbox.js';
import { PASSWORD, type Person } from '../support/people.js';

/**
 * Outcome of a mailed link after a later event: `opens`, or `-` (invalid). `n/a`: an invited person without
 * an organisation has no access to the profile.
 */
const MATRIX = `
                         | verify | change | reset  | not me | invitation
password changed         | -      | -      | -      | opens  | n/a
password reset           | -      | -      | -      | opens  | opens
"this was not me"        | -      | -      | -      | opens  | n/a
access ended by an admin | opens  | opens  | opens  | opens  | n/a
closed by staff          | -      | -      | -      | -      | -
address changed          | -      | -      | -      | opens  | n/a
address set by staff     | -      | -      | -      | -      | opens
account closed           | -      | -      | -      | -      | n/a
asked for again          | -      | -      | -      | opens  | -
`;
// The link of a notice survives everything an intruder could do, including the use of a later notice's link.

let atrium: TestApp;
let root: Person;
let boss: Person;
let host: Person;
beforeAll(async () => {
  atrium = await startApp();
  root = await atrium.people.staff('root@atrium.example', true);
  boss = await atrium.people.adminOf('Acme', 'boss@acme.example');
  host = await atrium.people.adminOf('Globex', 'host@globex.example');
});
afterAll(() => atrium.stop());

interface Subject extends Person {
  /** The address a change is asked to. */
  next: string;
  password: string;
}

const NEW_PASSWORD = 'copper window violin';
let made = 0;

async function subject(isMember: boolean): Promise<Subject> {
  const email = `person${++made}@acme.example`;
  const person = isMember
    ? await atrium.people.memberOf('Acme', email)
    : await atrium.people.newcomer(email);
  await person.browser.post('/profile/complete/', { skip: '1' });
  await setProven(person, true);
  return { ...person, next: `next${made}@acme.example`, password: PASSWORD };
}

const setProven = (person: Person, isProven: boolean) =>
  atrium.sql('UPDATE users SET email_verified_at = CASE WHEN $2 THEN now() END WHERE id = $1', [
    person.userId,
    isProven,
  ]);

/** The latest mail of that kind, once there are `count`. */
const mailed = async (to: string, subjectLine: RegExp, count = 1) =>
  linkIn(await atrium.mails.expect(to, subjectLine, count));

const countOf = async (to: string, subjectLine: RegExp) =>
  (await atrium.mails.to(to)).filter((mail) => subjectLine.test(mail.subject)).length;

async function next(to: string, subjectLine: RegExp, cause: () => Promise<unknown>) {
  const before = await countOf(to, subjectLine);
  await cause();
  return mailed(to, subjectLine, before + 1);
}

const askChange = async ({ browser, password, ...person }: Subject) => {
  const asked = await browser.post('/profile/email/', { email: person.next, password });
  expect([asked.status, asked.location]).toEqual([303, '/profile/']);
};
const askReset = (person: Subject) =>
  next(person.email, /Reset your password/, () =>
    atrium.browser().fill('/password-reset/', { email: person.email }),
  );

const LINKS: Record<string, (person: Subject) => Promise<string>> = {
  verify: async (person) => {
    // The one of the registration would be taken for the one that is asked for here.
    await mailed(person.email, /Confirm your e-mail/);
    await setProven(person, false);
    return next(person.email, /Confirm your e-mail/, async () => {
      const sent = await person.browser.post('/email/verify/resend/');
      expect([sent.status, sent.location]).toEqual([303, '/profile/']);
    });
  },
  change: (person) => next(person.next, /Confirm your new/, () => askChange(person)),
  reset: askReset,
  'not me': (person) => next(person.email, /about to change/, () => askChange(person)),
  invitation: ({ email }) =>
    next(email, /invites you/, () =>
      host.browser.fill('/settings/users/', { action: 'invite', email, role: 'member' }),
    ),
};

const choose = async (person: Subject, link: string) => {
  expect((await atrium.browser().press(link, { password: NEW_PASSWORD })).status).toBe(303);
  person.password = NEW_PASSWORD;
};

const EVENTS: Record<string, (person: Subject, link: string) => Promise<unknown>> = {
  'password changed': async (person) => {
    const words = { current_password: person.password, new_password: NEW_PASSWORD };
    expect((await person.browser.post('/profile/password/', words)).status).toBe(303);
    person.password = NEW_PASSWORD;
  },
  'password reset': async (person) => choose(person, await askReset(person)),
  '"this was not me"': async (person) => {
    await setProven(person, true);
    const notice = await LINKS['not me']!(person);
    const reset = await next(person.email, /Reset your password/, async () => {
      expect((await atrium.browser().press(notice)).status).toBe(303);
    });
    await choose(person, reset);
  },
  'access ended by an admin': async ({ profileId }) => {
    const act = { action: 'deactivate', profile_id: profileId };
    expect((await boss.browser.post('/settings/users/', act)).status).toBe(303);
  },
  'closed by staff': async ({ userId }) => {
    expect((await root.browser.fill(`/admin/users/${userId}/deactivate/`)).status).toBe(303);
  },
  'address changed': async (person) => {
    const link = await LINKS.change!(person);
    expect((await person.browser.press(link)).status).toBe(303);
    person.email = person.next;
  },
  'address set by staff': async (person) => {
    const email = `corrected${made}@acme.example`;
    const edited = await root.browser.fill(`/admin/users/${person.userId}/edit/`, { email });
    expect(edited.status).toBe(303);
    person.email = email;
  },
  'account closed': async ({ browser, password }) => {
    expect((await browser.post('/profile/deactivate/', { password })).status).toBe(303);
  },
};

/** Mailed anew: another link of the same kind. */
async function askAgain(person: Subject, kind: string): Promise<void> {
  if (kind !== 'invitation') return void (await LINKS[kind]!(person));
  const [row] = await atrium.sql<{ id: string }>('SELECT id FROM invitation WHERE email = $1', [
    person.email,
  ]);
  await next(person.email, /invites you/, () =>
    host.browser.post('/settings/users/', { action: 'resend', invitation_id: row!.id }),
  );
}

/** Whether the link works for the holder of link and account. */
async function opens(person: Subject, link: string, sentTo: string): Promise<string> {
  const browser = atrium.browser();
  const isTheirs = person.email === sentTo || !link.startsWith('/invite/');
  if (isTheirs) {
    await browser.fill('/login/', { email: person.email, password: person.password });
  }
  const words = { password: NEW_PASSWORD, password_confirm: NEW_PASSWORD };
  const { status } = await browser.press(link, words);
  return status === 303 ? 'opens' : '-';
}

const [header, ...rows] = MATRIX.trim()
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()));
const kinds = header!.slice(-5);

describe.each(kinds)('the link "%s"', (kind) => {
  const column = kinds.indexOf(kind) + 1;
  const cells = rows
    .map((row) => [row[0]!, row[column]!] as const)
    .filter(([, promised]) => promised !== 'n/a');

  test('opens while nothing has happened, and once', async () => {
    const person = await subject(kind !== 'invitation');
    const sentTo = person.email;
    const link = await LINKS[kind]!(person);
    expect(await opens(person, link, sentTo)).toBe('opens');
    expect(await opens(person, link, sentTo)).toBe('-');
  });

  test.each(cells)('after "%s": %s', async (event, promised) => {
    const person = await subject(kind !== 'invitation');
    const sentTo = person.email;
    const link = await LINKS[kind]!(person);
    await (EVENTS[event]?.(person, link) ?? askAgain(person, kind));
    expect(await opens(person, link, sentTo)).toBe(promised);
  });
});
