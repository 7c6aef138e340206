import type { TestApp } from '../../support/app.js';
import { linkIn } from '../../support/mailbox.js';
import { inJson, optionsFrom, type PasskeyOptions } from '../../support/passkeys.js';
import { waitingClientFor } from './client-proofs.js';
import type { Proof } from './matrix.js';
import { comer, nowIn, outcomeSince, PAGE, prove, waitingFor } from './ways-in.js';

/** Of 100 codes at once five are looked at. */
export async function proveBurst(atrium: TestApp): Promise<Proof> {
  const person = await comer(atrium, 'authenticator app');
  const browser = await waitingFor(atrium, person);
  await browser.visit(PAGE);
  const code = person.app!.wrong();
  const answers = await Promise.all(
    Array.from({ length: 100 }, () => browser.submit(PAGE, { code })),
  );
  const looked = await atrium.sql(
    `SELECT 1 FROM audit_entry WHERE action = 'second_factor.refused' AND subject_id = $1`,
    [person.person.userId],
  );
  // A try that then finds no free connection (503) is used up, and no code is looked at.
  const unavailable = answers.filter(({ status }) => status === 503).length;
  const isAsAllowed = looked.length <= 5 && looked.length + unavailable >= 5;
  return {
    tried: [`100 codes at once: ${looked.length} were looked at`],
    problems: isAsAllowed ? [] : [`${looked.length} of 100 codes were looked at, not 5`],
  };
}

/** One waiting sign-in makes one session, whatever is shown at once; a code opens once. */
export async function proveAtOnce(atrium: TestApp): Promise<Proof> {
  const proof: Proof = { tried: [], problems: [] };
  const one = await comer(atrium, 'authenticator app');
  const browser = await waitingFor(atrium, one);
  await browser.visit(PAGE);
  await expectOne(atrium, proof, one.person.userId, 'five recovery codes for one sign-in', () =>
    one.recoveryCodes!.slice(0, 5).map((recovery_code) => browser.submit(PAGE, { recovery_code })),
  );
  for (const kind of ['code', 'recovery code'] as const) {
    const other = await comer(atrium, 'authenticator app');
    const browsers = await Promise.all(Array.from({ length: 8 }, () => waitingFor(atrium, other)));
    const shown =
      kind === 'code'
        ? { code: await other.app!.next() }
        : { recovery_code: other.recoveryCodes![0]! };
    await expectOne(atrium, proof, other.person.userId, `one ${kind} for eight sign-ins`, () =>
      browsers.map((each) => each.fill(PAGE, shown)),
    );
  }
  await provePasskeyAtOnce(atrium, proof);
  return proof;
}

/** One challenge, answered by eight clients of the API at once. */
async function provePasskeyAtOnce(atrium: TestApp, proof: Proof): Promise<void> {
  const own = await comer(atrium, 'passkey');
  const { userId } = own.person;
  const eight = (options: PasskeyOptions) =>
    Array.from({ length: 8 }, () => inJson(own.authenticator!.get(options.public_key)));
  const alone = await optionsFrom(atrium.api(), '/auth/passkey/options');
  await expectOne(atrium, proof, userId, 'eight answers of a passkey to one challenge', () =>
    eight(alone).map((passkey) =>
      atrium.api().post('/auth/passkey', { token: alone.token, passkey }),
    ),
  );
  const token = await waitingClientFor(atrium, own);
  const second = await optionsFrom(atrium.api(), '/auth/second-factor/options', { token });
  await expectOne(atrium, proof, userId, 'eight answers of a passkey for one sign-in', () =>
    eight(second).map((passkey) => atrium.api().post('/auth/second-factor', { token, passkey })),
  );
}

async function expectOne(
  atrium: TestApp,
  { tried, problems }: Proof,
  userId: string,
  what: string,
  all: () => Promise<unknown>[],
): Promise<void> {
  const since = await nowIn(atrium);
  await Promise.all(all());
  const { sessions } = await outcomeSince(atrium, userId, since);
  tried.push(`${what}: ${sessions} session`);
  if (sessions !== 1) problems.push(`${what} opened ${sessions} sessions`);
}

/** A waiting sign-in ends with the password it was begun with, and is of its own kind. */
export async function proveBounds(atrium: TestApp): Promise<Proof> {
  const problems: string[] = [];
  const person = await comer(atrium, 'authenticator app');
  const browser = await waitingFor(atrium, person);
  const token = browser.cookie('pending');
  const through = await atrium.api().post('/auth/second-factor', {
    ...{ token, code: await person.app!.next() },
  });
  if (through.status !== 410) problems.push(`a browser’s sign-in was completed through the API`);
  const asked = await atrium.api().post('/auth/second-factor/options', { token });
  if (asked.status !== 410) problems.push('a browser’s sign-in got a challenge through the API');
  await prove(atrium, person);
  await atrium.browser().fill('/password-reset/', { email: person.person.email });
  const mail = await atrium.mails.expect(person.person.email, /asked for a new password/);
  await atrium.browser().fill(linkIn(mail), { password: 'velvet harbour comet' });
  const since = await nowIn(atrium);
  await browser.post(PAGE, { code: await person.app!.next() });
  const { sessions } = await outcomeSince(atrium, person.person.userId, since);
  if (sessions > 0) problems.push('a sign-in outlived the password it was begun with');
  return { tried: ['bound to its kind, and to the password: yes'], problems };
}

/** What is sensitive asks for a recent proof. */
export async function proveStepUp(atrium: TestApp): Promise<Proof> {
  const problems: string[] = [];
  const { person } = await comer(atrium, 'authenticator app');
  const ask = () => person.browser.post('/profile/export/');
  if ((await ask()).status !== 200) problems.push('whoever has just signed in was asked');
  await atrium.sql(
    `UPDATE session SET authenticated_at = authenticated_at - interval '11 minutes'
     WHERE user_id = $1`,
    [person.userId],
  );
  const { status } = await ask();
  if (status !== 403) problems.push(`after 11 minutes an export was answered with ${status}`);
  return { tried: ['an export 11 minutes after the sign-in is asked about'], problems };
}
