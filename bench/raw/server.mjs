/**
 * The yardstick: node:http and pg, prepared statements, a precompiled template, no framework, no
 * row-level security, no log, no CSRF. What one would write by hand for exactly these five answers.
 */
import { createHash, createPublicKey, randomBytes, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import bcrypt from 'bcrypt';
import Handlebars from 'handlebars';
import pg from 'pg';

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 });
const publicKey = createPublicKey(process.env.PUBLIC_KEY);
const dashboard = Handlebars.compile(
  readFileSync(new URL('../views/dashboard.hbs', import.meta.url), 'utf8'),
);

const PERSON = `SELECT s.id AS session_id, s.last_seen_at, u.id, u.email, u.email_verified_at, u.is_staff,
    p.id AS profile_id, p.display_name, l.code AS language, z.name AS timezone, c.code AS country,
    p.theme, p.marketing_emails, p.avatar, p.profile_completed_at, p.is_active, p.role, p.tenant_id,
    t.organization, t.logo
  FROM session s
  JOIN users u ON u.id = s.user_id AND u.is_active AND u.deleted_at IS NULL
  JOIN user_profile p ON p.user_id = u.id
  LEFT JOIN tenant t ON t.id = p.tenant_id
  LEFT JOIN language l ON l.id = p.language_id
  LEFT JOIN timezone z ON z.id = p.timezone_id
  LEFT JOIN country c ON c.id = p.country_id
  WHERE s.ended_at IS NULL AND s.expires_at > now()`;

const BY_SESSION = { name: 'by-session', text: `${PERSON} AND s.id = $1` };
const BY_TOKEN = { name: 'by-token', text: `${PERSON} AND s.token_hash = $1` };

const OVERVIEW = {
  name: 'overview',
  text: `SELECT coalesce(p.display_name, u.email) AS name, p.tenant_joined_at AS at,
      (SELECT count(*)::int FROM user_profile m WHERE m.tenant_id = $1 AND m.is_active) AS members
    FROM user_profile p JOIN users u ON u.id = p.user_id
    WHERE p.tenant_id = $1 ORDER BY p.tenant_joined_at DESC LIMIT 8`,
};

const MEMBERS = {
  name: 'members',
  text: `SELECT p.id, p.display_name, u.email, p.role, p.is_active, p.avatar, p.tenant_joined_at
    FROM (SELECT * FROM user_profile WHERE tenant_id = $1 AND deleted_at IS NULL
      ORDER BY listed_as COLLATE "C", id LIMIT 51) p
    JOIN users u ON u.id = p.user_id ORDER BY p.listed_as COLLATE "C", p.id`,
};

const BY_EMAIL = {
  name: 'by-email',
  text: 'SELECT id, password_hash FROM users WHERE lower(email) = $1 AND is_active',
};

const SIGN_IN = {
  name: 'sign-in',
  text: `INSERT INTO session (user_id, kind, token_hash, expires_at)
    VALUES ($1, 'browser', $2, now() + interval '60 days')`,
};

const ROUTES = {
  'GET /health': async (_req, res) => {
    await pool.query({ name: 'ping', text: 'SELECT 1' });
    json(res, { status: 'ok', db: 'ok' });
  },
  'GET /api/v1/me': async (req, res) => {
    const me = await bearer(req);
    if (!me) return refuse(res, 401);
    json(res, {
      id: me.id,
      email: me.email,
      email_verified: me.email_verified_at !== null,
      display_name: me.display_name,
      language: me.language,
      timezone: me.timezone,
      country: me.country,
      theme: me.theme,
      marketing_emails: me.marketing_emails,
      avatar_url: me.avatar && `/media/${me.avatar}`,
      role: me.role,
      tenant: { id: me.tenant_id, organization: me.organization },
      onboarding: { next_step: me.profile_completed_at ? null : 'profile' },
    });
  },
  'GET /dashboard/': async (req, res) => {
    const token = /atrium_session=([^;]+)/.exec(req.headers.cookie ?? '')?.[1];
    const me = token && (await one(BY_TOKEN, [sha256(token)]));
    if (!me) return refuse(res, 302);
    const { rows } = await pool.query({ ...OVERVIEW, values: [me.tenant_id] });
    res.setHeader('content-type', 'text/html; charset=utf-8');
    res.end(dashboard({ me, token, members: rows[0].members, activity: rows.map(shown) }));
  },
  'POST /login/': async (req, res) => {
    const form = new URLSearchParams(await text(req));
    const user = await one(BY_EMAIL, [form.get('email').toLowerCase()]);
    if (!user || !(await bcrypt.compare(form.get('password'), user.password_hash))) {
      return refuse(res, 422);
    }
    const session = randomBytes(32).toString('base64url');
    await pool.query({ ...SIGN_IN, values: [user.id, sha256(session)] });
    res.writeHead(303, { location: '/dashboard/', 'set-cookie': `atrium_session=${session}` });
    res.end();
  },
  'GET /api/v1/members': async (req, res) => {
    const me = await bearer(req);
    if (!me) return refuse(res, 401);
    const { rows } = await pool.query({ ...MEMBERS, values: [me.tenant_id] });
    const items = rows.slice(0, 50).map((row) => ({
      id: row.id,
      display_name: row.display_name,
      email: row.email,
      role: row.role,
      is_active: row.is_active,
      avatar_url: row.avatar && `/media/${row.avatar}`,
      joined_at: row.tenant_joined_at,
    }));
    json(res, { items, next_cursor: rows.length > 50 ? items[49].id : null });
  },
};

createServer((req, res) => {
  const route = ROUTES[`${req.method} ${req.url.split('?')[0]}`];
  if (!route) return refuse(res, 404);
  route(req, res).catch(() => refuse(res, 500));
}).listen(Number(process.env.PORT), '127.0.0.1');

process.once('SIGTERM', () => process.exit(0));

async function bearer(req) {
  const [head, claims, signature] = (req.headers.authorization ?? '').slice(7).split('.');
  if (!signature) return null;
  const isGenuine = verify(
    'sha256',
    Buffer.from(`${head}.${claims}`),
    { key: publicKey, dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  );
  const { sid, exp } = JSON.parse(Buffer.from(claims, 'base64url'));
  return isGenuine && exp > Date.now() / 1000 ? one(BY_SESSION, [sid]) : null;
}

async function one(statement, values) {
  const { rows } = await pool.query({ ...statement, values });
  return rows[0];
}

function sha256(value) {
  return createHash('sha256').update(value).digest();
}

function shown({ name, at }) {
  return { name, at: at.toISOString(), day: at.toDateString() };
}

async function text(req) {
  const chunks = [];
  for await (const chunk of req) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

function json(res, value) {
  res.setHeader('content-type', 'application/json; charset=utf-8');
  res.end(JSON.stringify(value));
}

function refuse(res, status) {
  res.writeHead(status);
  res.end();
}
