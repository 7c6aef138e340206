import { jest } from '@jest/globals';
import type { Response } from 'supertest';
import type { TestApp } from '../../support/app.js';
import type { Quirks } from '../../support/authenticator.js';
import { inJson, optionsFrom, type PasskeyOptions } from '../../support/passkeys.js';
import { note, WIDTH, type Proof } from './matrix.js';
import { comer, nowIn, optionsOf, outcomeSince, type Comer } from './ways-in.js';

/** What a client of the API sends to sign in with a passkey alone, and whether it opens a session. */
interface Answer {
  name: string;
  opens: boolean;
  /** Body of `POST /api/v1/auth/passkey`. */
  body(atrium: TestApp, comer: Comer): Promise<object>;
}

const signInOptions = (atrium: TestApp) => optionsFrom(atrium.api(), '/auth/passkey/options');

const answerTo = (
  { token, public_key: options }: PasskeyOptions,
  { authenticator }: Comer,
  quirks?: Quirks,
) => ({ token, passkey: inJson(authenticator!.get(options, quirks)) });

const withQuirks = (name: string, quirks: Quirks): Answer => ({
  name,
  opens: false,
  body: async (atrium, own) => answerTo(await signInOptions(atrium), own, quirks),
});

const ANSWERS: Answer[] = [
  {
    name: 'an answer to a challenge of a client',
    opens: true,
    body: async (atrium, own) => answerTo(await signInOptions(atrium), own),
  },
  {
    name: 'with the token of another client',
    opens: false,
    body: async (atrium, own) => {
      const { token } = await signInOptions(atrium);
      return { ...answerTo(await signInOptions(atrium), own), token };
    },
  },
  {
    name: 'to a challenge of the sign-in page',
    opens: false,
    body: async (atrium, own) => {
      const { token } = await signInOptions(atrium);
      const options = await optionsOf(atrium.browser(), '/login/passkey/options/');
      return { token, passkey: inJson(own.authenticator!.get(options)) };
    },
  },
  {
    name: 'to a challenge of a confirmation',
    opens: false,
    body: async (atrium, own) => {
      const { token } = await signInOptions(atrium);
      const options = await optionsOf(own.person.browser, '/confirm/options/');
      return { token, passkey: inJson(own.authenticator!.get(options)) };
    },
  },
  {
    name: 'to a challenge that was used before',
    opens: false,
    body: async (atrium, own) => {
      const options = await signInOptions(atrium);
      await atrium.api().post('/auth/passkey', answerTo(options, own));
      return answerTo(options, own);
    },
  },
  {
    name: 'to a challenge of ten minutes ago',
    opens: false,
    body: async (atrium, own) => {
      const then = Date.now() - 601_000;
      const now = jest.spyOn(Date, 'now').mockReturnValue(then);
      const options = await signInOptions(atrium).finally(() => now.mockRestore());
      return answerTo(options, own);
    },
  },
  withQuirks('of a page of another origin', { origin: 'https://evil.example' }),
  withQuirks('for another relying party', { rpId: 'evil.example' }),
  withQuirks('that does not verify the person', { isUnverified: true }),
  withQuirks('with the handle of another account', { userHandle: 'AAAAAAAAAAAAAAAAAAAAAA' }),
  withQuirks('with a counter that stands still', { counter: 1 }),
];

/** What a passkey alone opens through the API. */
export async function provePasskeyAnswers(atrium: TestApp): Promise<Proof> {
  const proof: Proof = { tried: [], problems: [] };
  const own = await comer(atrium, 'passkey');
  for (const { name, opens, body } of ANSWERS) {
    const sent = await body(atrium, own);
    const since = await nowIn(atrium);
    await atrium.api().post('/auth/passkey', sent);
    const outcome = await outcomeSince(atrium, own.person.userId, since);
    note(proof, `passkey, API × ${name}`, opens ? 'session, level 2' : 'nothing', outcome);
  }
  return proof;
}

/** A passkey confirms in its own session what is sensitive, through the API. */
export async function provePasskeyStepUp(atrium: TestApp): Promise<Proof> {
  const proof: Proof = { tried: [], problems: [] };
  const own = await comer(atrium, 'passkey');
  const stranger = await comer(atrium, 'passkey');
  const [client, other] = [atrium.api(), atrium.api()];
  for (const each of [client, other]) {
    const answer = await each.post('/auth/passkey', answerTo(await signInOptions(atrium), own));
    each.tokens = answer.body;
  }
  await atrium.sql(
    `UPDATE session SET authenticated_at = authenticated_at - interval '11 minutes'
     WHERE user_id = $1`,
    [own.person.userId],
  );
  const say = (name: string, expected: number, { status }: Response) => {
    const what = `after 11 minutes, passkeys through the API × ${name}`;
    proof.tried.push(`${what.padEnd(WIDTH)}${status}`);
    if (status !== expected) proof.problems.push(`${what}: ${status}, not ${expected}`);
  };
  const ask = () => client.post('/me/passkeys/options');
  const confirm = (passkey: object) => client.post('/auth/step-up', { passkey });
  say('unconfirmed', 403, await ask());
  const { public_key: theirs } = await optionsFrom(other, '/auth/step-up/options');
  const { public_key: ours } = await optionsFrom(client, '/auth/step-up/options');
  const of = ({ authenticator }: Comer, options: typeof ours) =>
    inJson(authenticator!.get(options));
  say('the challenge of another session', 422, await confirm(of(own, theirs)));
  say('the passkey of somebody else', 422, await confirm(of(stranger, ours)));
  say('still unconfirmed', 403, await ask());
  say('the passkey', 204, await confirm(of(own, ours)));
  say('the same challenge again', 422, await confirm(of(own, ours)));
  say('confirmed', 200, await ask());
  return proof;
}
