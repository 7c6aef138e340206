import type { Response } from 'supertest';
import type { ApiClient } from './api.js';
import type { Quirks, SoftwareAuthenticator } from './authenticator.js';

/** Options as the API answers them. */
export interface PasskeyOptions {
  /** Of a sign-in. */
  token: string;
  public_key: { challenge: string; rpId: string; user: { id: string } };
}

/** What an authenticator answered, as a client of the API sends it. */
export const inJson = (answer: string) => JSON.parse(answer) as Record<string, unknown>;

/** Asks for options, at a path below `/api/v1`. @throws Error where there are none */
export async function optionsFrom(
  client: ApiClient,
  path: string,
  body?: object,
): Promise<PasskeyOptions> {
  const answer = await client.post(path, body);
  if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}: ${answer.text}`);
  return answer.body as PasskeyOptions;
}

/** Adds the passkey of an authenticator to the account of the client. */
export async function addPasskey(
  client: ApiClient,
  authenticator: SoftwareAuthenticator,
  { name = 'My phone', ...quirks }: Quirks & { name?: string } = {},
): Promise<Response> {
  const { public_key: options } = await optionsFrom(client, '/me/passkeys/options');
  return client.post('/me/passkeys', {
    name,
    passkey: inJson(authenticator.create(options, quirks)),
  });
}

/** Signs in with a passkey alone. */
export async function signInByPasskey(
  client: ApiClient,
  authenticator: SoftwareAuthenticator,
  quirks: Quirks = {},
): Promise<Response> {
  const { token, public_key: options } = await optionsFrom(client, '/auth/passkey/options');
  return client.post('/auth/passkey', {
    token,
    passkey: inJson(authenticator.get(options, quirks)),
  });
}
