import { StepUpGuard } from '../../../src/core/http/access/step-up.guard.js';
import { UnitOfWork } from '../../../src/core/database/unit-of-work.js';
import { RecoveryCodesRepository } from '../../../src/second-factor/recovery-codes.repository.js';
import { PasskeyFactor } from '../../../src/passkeys/passkey.factor.js';
import { Challenges } from '../../../src/passkeys/challenges.js';
import { WebAuthn } from '../../../src/passkeys/webauthn.js';
import { TotpFactor } from '../../../src/second-factor/totp.factor.js';
import { TotpRepository } from '../../../src/second-factor/totp.repository.js';
import { SecondFactors } from '../../../src/users/second-factors/second-factors.js';
import { PendingSignInsRepository } from '../../../src/users/second-factors/pending-sign-ins.repository.js';
import { SessionsRepository } from '../../../src/users/sessions/sessions.repository.js';
import type { TestApp } from '../../support/app.js';
import { proveAtOnce, proveBounds, proveBurst, proveStepUp } from './at-once.js';
import { proveProofs, proveWaysIn, type Proof } from './matrix.js';
import { provePasskeyAnswers, provePasskeyStepUp } from './passkey-answers.js';

/** Puts a method in place of that of a service; returns how to put it back. */
function swap<T extends object, K extends keyof T>(service: T, name: K, by: T[K]): () => void {
  const original = service[name];
  service[name] = by;
  return () => void (service[name] = original);
}

export interface Mutation {
  name: string;
  mutate(atrium: TestApp): () => void;
  prove(atrium: TestApp): Promise<Proof>;
  finds: RegExp;
}

/** One check is taken out; the proof has to find it. */
export const MUTATIONS: Mutation[] = [
  {
    name: 'opens a session without asking for the factor',
    mutate: ({ app }) => {
      const sessions = app.get(SessionsRepository);
      const add = sessions.add.bind(sessions);
      return swap(sessions, 'add', (session) => add({ ...session, assurance: 2 }));
    },
    ...{ prove: proveWaysIn, finds: /authenticator app: session, level 2, not waits/ },
  },
  {
    name: 'accepts any code',
    mutate: ({ app }) => swap(app.get(TotpFactor), 'verify', () => Promise.resolve(true)),
    ...{ prove: proveProofs, finds: /a wrong code: session/ },
  },
  {
    name: 'accepts any passkey',
    mutate: ({ app }) => swap(app.get(PasskeyFactor), 'verify', () => Promise.resolve(true)),
    ...{ prove: proveProofs, finds: /the passkey of somebody else: session/ },
  },
  {
    name: 'accepts the challenge of another sign-in',
    mutate: ({ app }) => swap(app.get(Challenges), 'isOwn', () => true),
    ...{ prove: proveProofs, finds: /for another sign-in that waits: session/ },
  },
  {
    name: 'accepts the challenge of another client of the API',
    mutate: ({ app }) => swap(app.get(Challenges), 'isOwn', () => true),
    ...{ prove: provePasskeyAnswers, finds: /with the token of another client: session/ },
  },
  {
    name: 'accepts a challenge of the sign-in page through the API',
    mutate: ({ app }) => {
      const challenges = app.get(Challenges);
      const isOwn = challenges.isOwn.bind(challenges);
      return swap(challenges, 'isOwn', (challenge, purpose, binding) =>
        [binding, ''].some((each) => isOwn(challenge, purpose, each)),
      );
    },
    ...{ prove: provePasskeyAnswers, finds: /a challenge of the sign-in page: session/ },
  },
  {
    name: 'does not use a challenge up',
    mutate: ({ app }) => swap(app.get(Challenges), 'use', () => Promise.resolve(true)),
    ...{ prove: provePasskeyAnswers, finds: /a challenge that was used before: session/ },
  },
  {
    name: 'accepts a challenge at any time',
    mutate: ({ app }) => {
      const unitOfWork = app.get(UnitOfWork);
      return swap(app.get(Challenges), 'use', async (challenge) => {
        const nonce = Buffer.from(challenge, 'base64url').subarray(0, 16);
        const text = `INSERT INTO spent_challenge (nonce, expires_at)
          VALUES ($1, now() + interval '10 minutes') ON CONFLICT DO NOTHING`;
        return (await unitOfWork.execute(text, [nonce])) > 0;
      });
    },
    ...{ prove: provePasskeyAnswers, finds: /a challenge of ten minutes ago: session/ },
  },
  {
    name: 'does not use a challenge up, with many answers at once',
    mutate: ({ app }) => swap(app.get(Challenges), 'use', () => Promise.resolve(true)),
    ...{ prove: proveAtOnce, finds: /eight answers of a passkey to one challenge opened \d+/ },
  },
  {
    name: 'takes passkeys of another origin',
    mutate: ({ app, config }) => {
      const webauthn = app.get(WebAuthn);
      const value = [new URL(config.appUrl).origin, 'https://evil.example'];
      Object.defineProperty(webauthn, 'origin', { value, configurable: true });
      return () => void Reflect.deleteProperty(webauthn, 'origin');
    },
    ...{ prove: provePasskeyAnswers, finds: /of a page of another origin: session/ },
  },
  {
    name: 'accepts any passkey to confirm, through the API',
    mutate: ({ app }) => swap(app.get(PasskeyFactor), 'verify', () => Promise.resolve(true)),
    ...{ prove: provePasskeyStepUp, finds: /the challenge of another session: 204/ },
  },
  {
    name: 'leaves the factors of an address nobody had confirmed',
    mutate: ({ app }) => swap(app.get(SecondFactors), 'removeAll', () => Promise.resolve([])),
    ...{ prove: proveWaysIn, finds: /nobody had confirmed × authenticator app: waits/ },
  },
  {
    name: 'does not count the tries',
    mutate: ({ app }) => {
      const pending = app.get(PendingSignInsRepository);
      return swap(pending, 'countTry', (kind, hash) => pending.find(kind, hash));
    },
    ...{ prove: proveBurst, finds: /of 100 codes were looked at/ },
  },
  {
    name: 'does not use a sign-in up',
    mutate: ({ app }) =>
      swap(app.get(PendingSignInsRepository), 'use', () => Promise.resolve(true)),
    ...{ prove: proveAtOnce, finds: /five recovery codes for one sign-in opened \d+ sessions/ },
  },
  {
    name: 'accepts a code twice',
    mutate: ({ app }) => swap(app.get(TotpRepository), 'use', () => Promise.resolve(true)),
    ...{ prove: proveAtOnce, finds: /one code for eight sign-ins opened/ },
  },
  {
    name: 'accepts a recovery code twice',
    mutate: ({ app }) => {
      const unitOfWork = app.get(UnitOfWork);
      return swap(app.get(RecoveryCodesRepository), 'use', async (userId, hash) => {
        const text = 'SELECT 1 FROM recovery_code WHERE user_id = $1 AND code_hash = $2';
        return (await unitOfWork.query(text, [userId, hash])).length > 0;
      });
    },
    ...{ prove: proveProofs, finds: /the same recovery code again: session/ },
  },
  {
    name: 'lets a sign-in outlive its password',
    mutate: ({ app }) => {
      const unitOfWork = app.get(UnitOfWork);
      return swap(app.get(SessionsRepository), 'endAll', (userId, except) =>
        unitOfWork.execute(
          `UPDATE session SET ended_at = now()
           WHERE user_id = $1 AND ended_at IS NULL AND id IS DISTINCT FROM $2`,
          [userId, except],
        ),
      );
    },
    ...{ prove: proveBounds, finds: /outlived the password/ },
  },
  {
    name: 'takes a browser’s sign-in through the API',
    mutate: ({ app }) => {
      const pending = app.get(PendingSignInsRepository);
      const countTry = pending.countTry.bind(pending);
      return swap(pending, 'countTry', (_kind, hash) => countTry('browser', hash));
    },
    ...{ prove: proveBounds, finds: /completed through the API/ },
  },
  {
    name: 'asks for no recent proof',
    mutate: () => swap(StepUpGuard.prototype, 'canActivate', () => true),
    ...{ prove: proveStepUp, finds: /after 11 minutes an export was answered with 200/ },
  },
];
