import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import pg from 'pg';
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

/** The cookie and the field that make a sign-in form one of Atrium's own. */
export async function loginForm(url) {
  const answer = await fetch(`${url}/login/`);
  const cookie = answer.headers.getSetCookie().map((each) => each.split(';')[0]);
  const token = /name="_csrf" value="([^"]+)"/.exec(await answer.text())?.[1];
  if (!token) throw new Error('The sign-in page holds no token');
  return { cookie: cookie.join('; '), token };
}
