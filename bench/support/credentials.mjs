import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import pg from 'pg';
import { PASSWORD } from './figures.mjs';
import { SecretBox } from '../../dist/src/core/crypto/secret-box.js';

export const ISSUER = 'http://127.0.0.1';
export const SECRET = 'a secret of the benchmark, long enough to be one';

/** A signing key of Atrium's, put where it finds it, so that all contestants check the same tokens. */
export async function signingKey(databaseUrl) {
  const kid = randomUUID();
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const sealed = new SecretBox(SECRET, 'signing keys').encrypt(
    privateKey.export({ format: 'der', type: 'pkcs8' }),
    kid,
  );
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query('INSERT INTO signing_key (id, public_key, private_key) VALUES ($1, $2, $3)', [
    kid,
    publicKey.export({ format: 'der', type: 'spki' }),
    sealed,
  ]);
  await client.end();
  return { kid, privateKey, publicPem: publicKey.export({ format: 'pem', type: 'spki' }) };
}

/** An access token (ES256, RFC 7518 §3.4) that outlives the run. */
export function bearer({ sid, userId }, { kid, privateKey }) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const now = Math.floor(Date.now() / 1000);
  const claims = { sid, sub: userId, iss: ISSUER, iat: now, exp: now + 3600 };
  const body = `${part({ alg: 'ES256', typ: 'JWT', kid })}.${part(claims)}`;
  const signature = sign('sha256', Buffer.from(body), {
    key: privateKey,
    dsaEncoding: 'ieee-p1363',
  });
  return `${body}.${signature.toString('base64url')}`;
}

/** What a browser sends with every page once it has seen one: its session, and the cookie of forms. */
export async function browserCookies(url, { cookie }) {
  const session = `__Host-atrium_session=${cookie}`;
  const answer = await fetch(`${url}/dashboard/`, { headers: { cookie: session } });
  const given = answer.headers.getSetCookie().map((each) => each.split(';')[0]);
  if (answer.status !== 200 || given.length === 0) throw new Error('The session is not known');
  return [session, ...given].join('; ');
}

/**
 * Gives people what they show to Atrium at this address: an access token, the cookies of a browser it knows, and the
 * token of their forms. Returns the sign-in form of somebody without any.
 */
export async function showing(people, key, url) {
  const form = await loginForm(url);
  for (const person of people) {
    person.bearer = bearer(person, key);
    person.cookies = await browserCookies(url, person);
    person.device = await deviceCookie(url, person, form);
    person.token = await formToken(url, person.cookies);
  }
  return form;
}

/** The field that makes a form one of Atrium's own, for whoever has these cookies. */
async function formToken(url, cookies) {
  const answer = await fetch(`${url}/projects/new/`, { headers: { cookie: cookies } });
  return tokenIn(await answer.text());
}

/** The cookie and the field that make a sign-in form one of Atrium's own. */
async function loginForm(url) {
  const answer = await fetch(`${url}/login/`);
  const cookie = answer.headers.getSetCookie().map((each) => each.split(';')[0]);
  return { cookie: cookie.join('; '), token: tokenIn(await answer.text()) };
}

/** The cookie by which Atrium knows the browser of a person again, who is told of a sign-in from any other one. */
async function deviceCookie(url, { email }, form) {
  const answer = await fetch(`${url}/login/`, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'content-type': 'application/x-www-form-urlencoded', cookie: form.cookie },
    body: new URLSearchParams({ _csrf: form.token, email, password: PASSWORD }).toString(),
  });
  const given = answer.headers.getSetCookie().map((each) => each.split(';')[0]);
  const device = given.find((each) => each.includes('_device='));
  if (!device) throw new Error('The sign-in set no cookie of the browser');
  return device;
}

function tokenIn(page) {
  const token = /name="_csrf" value="([^"]+)"/.exec(page)?.[1];
  if (!token) throw new Error('The page holds no token');
  return token;
}
