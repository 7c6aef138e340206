import type { TestApp } from '../../support/app.js';
import { inJson, optionsFrom } from '../../support/passkeys.js';
import { comer, NO_PROOFS, OPTIONS, optionsOf, waitingFor, type Comer } from './ways-in.js';

/** What a client of the API shows to a sign-in that waits there, by its token. */
export interface ClientProof {
  name: string;
  opens: boolean;
  show(comer: Comer, token: string, atrium: TestApp): Promise<object>;
}

/** Of a passkey. */
export const CLIENT_PROOFS: ClientProof[] = [
  ...NO_PROOFS,
  {
    name: 'the passkey of somebody else',
    opens: false,
    show: async (_, token, atrium) => shownBy(await comer(atrium, 'passkey'), token, atrium),
  },
  {
    name: 'the passkey, for a sign-in of its own',
    opens: false,
    show: async ({ authenticator }, _, atrium) => {
      const { public_key: options } = await optionsFrom(atrium.api(), '/auth/passkey/options');
      return { passkey: inJson(authenticator!.get(options)) };
    },
  },
  {
    name: 'the passkey, for another sign-in that waits',
    opens: false,
    show: async (own, _, atrium) => shownBy(own, await waitingClientFor(atrium, own), atrium),
  },
  {
    name: 'the passkey, for a sign-in that waits in a browser',
    opens: false,
    show: async (own, _, atrium) => {
      const browser = await waitingFor(atrium, own);
      return { passkey: inJson(own.authenticator!.get(await optionsOf(browser, OPTIONS))) };
    },
  },
  { name: 'the passkey', opens: true, show: (own, token, atrium) => shownBy(own, token, atrium) },
  {
    name: 'a recovery code',
    opens: true,
    show: ({ recoveryCodes }) => Promise.resolve({ recovery_code: recoveryCodes![0]! }),
  },
];

async function shownBy({ authenticator }: Comer, token: string, atrium: TestApp): Promise<object> {
  const path = '/auth/second-factor/options';
  const { public_key: options } = await optionsFrom(atrium.api(), path, { token });
  return { passkey: inJson(authenticator!.get(options)) };
}

/** The token of a sign-in that waits in a client of the API. */
export async function waitingClientFor(
  atrium: TestApp,
  { person, password }: Comer,
): Promise<string> {
  const { email } = person;
  const { body } = await atrium.api().post('/auth/login', { email, password });
  const { second_factor_token: token } = body as { second_factor_token?: string };
  if (!token) throw new Error(`Nothing waits: ${JSON.stringify(body)}`);
  return token;
}
