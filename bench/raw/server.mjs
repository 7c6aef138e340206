/**
 * The yardstick: node:http and pg, prepared statements, a precompiled template, no framework, no
 * row-level security, no log, no CSRF. What one would write by hand for exactly these answers. What changes
 * something is one transaction, pipelined (a Sync for each statement) and waited for once: whatever a statement needs of
 * another one is made here.
 */
import { createHash, createPublicKey, randomBytes, randomUUID, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import bcrypt from 'bcrypt';
import Handlebars from 'handlebars';
import pg from 'pg';

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10, pipeline: true });
const cost = Number(process.env.BCRYPT_COST);
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
  text: `SELECT u.id, u.password_hash, p.tenant_id, p.display_name AS name
    FROM users u JOIN user_profile p ON p.user_id = u.id WHERE lower(u.email) = $1 AND u.is_active`,
};

const SIGN_IN = {
  name: 'sign-in',
  text: `INSERT INTO session (user_id, kind, token_hash, expires_at)
    VALUES ($1, 'browser', $2, now() + interval '60 days')`,
  values: ({ id, session }) => [id, sha256(session)],
};

/** Of a server of one's own, the trail is a table of rows: no chain, and whoever can change it may. */
const AUDIT_COLUMNS = `position, previous_hash, hash, actor_kind, actor_id, tenant_id, action, subject_kind,
  subject_id, subject_name, changes, address, device`;
const NEXT_ENTRY = `-(random() * 9e18)::bigint, ''::bytea, ''::bytea, 'person'`;

const SIGNED_IN = {
  name: 'sign-in-user',
  text: 'UPDATE users SET last_login_at = now() WHERE id = $1',
  values: ({ id }) => [id],
};

const SIGN_IN_ENTRY = {
  name: 'sign-in-audit',
  text: `INSERT INTO audit_entry (${AUDIT_COLUMNS}) VALUES (${NEXT_ENTRY}, $1::uuid, $2,
    'sign_in.succeeded', 'user', $1::text, $3, NULL, $4, $5)`,
  values: ({ id, tenant_id, name, address, device }) => [id, tenant_id, name, address, device],
};

const REGISTER = [
  {
    name: 'register-user',
    text: `INSERT INTO users (id, email, password_hash, last_login_at) VALUES ($1, $2, $3, now())`,
    values: ({ id, email, hash }) => [id, email, hash],
  },
  {
    name: 'register-profile',
    text: 'INSERT INTO user_profile (user_id, display_name) VALUES ($1, $2)',
    values: ({ id, name }) => [id, name],
  },
  SIGN_IN,
  {
    name: 'register-link',
    text: `INSERT INTO user_token (user_id, purpose, token_hash, email, expires_at)
      VALUES ($1, 'email_verification', $2, $3, now() + interval '3 days')`,
    values: ({ id, link, email }) => [id, sha256(link), email],
  },
  {
    name: 'register-mail',
    text: `INSERT INTO pgboss.job_common (name, data) VALUES ('mail', $1)`,
    values: ({ link, email }) => [
      { to: email, template: 'verify-email', model: { url: `/email/verify/${link}/` } },
    ],
  },
  {
    name: 'register-audit',
    text: `INSERT INTO audit_entry (${AUDIT_COLUMNS}) VALUES (${NEXT_ENTRY}, $1::uuid, NULL,
      'account.created', 'user', $1::text, $2, NULL, $3, $4)`,
    values: ({ id, name, address, device }) => [id, name, address, device],
  },
];

const CHANGE_ROLE = [
  {
    name: 'role-lock',
    text: 'SELECT 1 FROM tenant WHERE id = $1 FOR NO KEY UPDATE',
    values: ({ me }) => [me.tenant_id],
  },
  {
    name: 'role-change',
    text: `WITH former AS (SELECT id, role FROM user_profile
        WHERE id = $1 AND tenant_id = $2 AND is_active AND user_id <> $3 FOR UPDATE),
      latter AS (UPDATE user_profile p SET role = $4, version = version + 1, updated_at = now()
        FROM former WHERE p.id = former.id RETURNING p.*),
      entry AS (INSERT INTO audit_entry (${AUDIT_COLUMNS}) SELECT ${NEXT_ENTRY}, $3, $2,
        'member.role_changed', 'member', latter.id::text, latter.display_name,
        jsonb_build_object('role', jsonb_build_object('from', former.role, 'to', latter.role)), $5, $6
        FROM former, latter),
      told AS (INSERT INTO notification (tenant_id, member_id, kind, data)
        SELECT $2, id, 'member.role_changed', jsonb_build_object('role', role) FROM latter)
      SELECT l.id, l.display_name, u.email, l.role, l.is_active, l.avatar, l.tenant_joined_at, l.version
      FROM latter l JOIN users u ON u.id = l.user_id`,
    values: ({ me, id, role, address, device }) => [id, me.tenant_id, me.id, role, address, device],
  },
];

const SAVE_PROJECT = [
  {
    name: 'save-project',
    text: `WITH former AS (SELECT * FROM project
        WHERE id = $1 AND tenant_id = $2 AND version = $3 AND deleted_at IS NULL FOR UPDATE),
      latter AS (UPDATE project p SET name = $4, description = $5, status = $6, due_date = $7,
        version = p.version + 1, updated_at = now() FROM former WHERE p.id = former.id RETURNING p.*)
      INSERT INTO audit_entry (${AUDIT_COLUMNS}) SELECT ${NEXT_ENTRY}, $8, $2, 'project.changed',
        'project', latter.id::text, latter.name,
        jsonb_build_object('name', jsonb_build_object('from', former.name, 'to', latter.name),
          'status', jsonb_build_object('from', former.status, 'to', latter.status)), $9, $10
        FROM former, latter`,
    values: ({ me, id, form, address, device }) => [
      id,
      me.tenant_id,
      form.get('version'),
      form.get('name'),
      form.get('description'),
      form.get('status'),
      form.get('due_date'),
      me.id,
      address,
      device,
    ],
  },
];

const BEGIN = { name: 'begin', text: 'BEGIN' };
const COMMIT = { name: 'commit', text: 'COMMIT' };
const ID = /\/([\da-f]{8}-[\da-f-]{27})\/?$/;

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
    const { me, token } = await visitor(req);
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
    const session = token();
    await inOneTransaction([SIGNED_IN, SIGN_IN, SIGN_IN_ENTRY], {
      ...user,
      session,
      ...clientOf(req),
    });
    res.writeHead(303, { location: '/dashboard/', 'set-cookie': `atrium_session=${session}` });
    res.end();
  },
  'POST /register/': async (req, res) => {
    const form = new URLSearchParams(await text(req));
    const email = form.get('email').toLowerCase();
    const [session, link] = [token(), token()];
    await inOneTransaction(REGISTER, {
      id: randomUUID(),
      email,
      hash: await bcrypt.hash(form.get('password'), cost),
      name: email.split('@')[0],
      session,
      link,
      ...clientOf(req),
    });
    res.writeHead(303, {
      location: '/profile/complete/',
      'set-cookie': `atrium_session=${session}`,
    });
    res.end();
  },
  'POST /projects/:id/edit/': async (req, res, id) => {
    const { me } = await visitor(req);
    if (!me) return refuse(res, 302);
    const form = new URLSearchParams(await text(req));
    const [{ rowCount }] = await inOneTransaction(SAVE_PROJECT, { me, id, form, ...clientOf(req) });
    if (rowCount === 0) return refuse(res, 409);
    res.writeHead(303, { location: `/projects/${id}/` });
    res.end();
  },
  'PATCH /api/v1/members/:id': async (req, res, id) => {
    const me = await bearer(req);
    if (me?.role !== 'admin') return refuse(res, 403);
    const { role } = JSON.parse(await text(req));
    const [, { rows }] = await inOneTransaction(CHANGE_ROLE, { me, id, role, ...clientOf(req) });
    const [row] = rows;
    if (!row) return refuse(res, 404);
    res.setHeader('etag', `"${row.version}"`);
    json(res, memberOf(row));
  },
  'GET /api/v1/members': async (req, res) => {
    const me = await bearer(req);
    if (!me) return refuse(res, 401);
    const { rows } = await pool.query({ ...MEMBERS, values: [me.tenant_id] });
    const items = rows.slice(0, 50).map(memberOf);
    json(res, { items, next_cursor: rows.length > 50 ? items[49].id : null });
  },
};

createServer((req, res) => {
  const [path] = req.url.split('?');
  const [, id] = ID.exec(path) ?? [];
  const route = ROUTES[`${req.method} ${id ? path.replace(id, ':id') : path}`];
  if (!route) return refuse(res, 404);
  route(req, res, id).catch(() => refuse(res, 500));
}).listen(Number(process.env.PORT), '127.0.0.1');

process.once('SIGTERM', () => process.exit(0));

/** Sends all statements at once and waits once; the first failure undoes them all. */
async function inOneTransaction(statements, given) {
  const client = await pool.connect();
  try {
    const [, ...results] = await Promise.all([
      client.query(BEGIN),
      ...statements.map(({ name, text, values }) =>
        client.query({ name, text, values: values(given) }),
      ),
      client.query(COMMIT),
    ]);
    client.release();
    return results;
  } catch (error) {
    client.release(error);
    throw error;
  }
}

async function visitor(req) {
  const token = /atrium_session=([^;]+)/.exec(req.headers.cookie ?? '')?.[1];
  return { token, me: token && (await one(BY_TOKEN, [sha256(token)])) };
}

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

function token() {
  return randomBytes(32).toString('base64url');
}

function clientOf(req) {
  return { address: req.socket.remoteAddress, device: req.headers['user-agent'] };
}

function memberOf(row) {
  return {
    id: row.id,
    display_name: row.display_name,
    email: row.email,
    role: row.role,
    is_active: row.is_active,
    avatar_url: row.avatar && `/media/${row.avatar}`,
    joined_at: row.tenant_joined_at,
  };
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
