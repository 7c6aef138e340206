import { createHash, randomBytes } from 'node:crypto';
import bcrypt from 'bcrypt';
import pg from 'pg';
import { readConfig } from '../../dist/src/core/config/read-config.js';
import { DatabaseServer } from '../../dist/src/core/database/database-server.js';
import { prepareDatabase } from '../../dist/src/prepare-database.js';
import { emptyDatabase } from './own-database.mjs';
import { BCRYPT_COST, MEMBERS_EACH, PASSWORD, PEOPLE, PROJECTS_EACH, TENANTS } from './figures.mjs';

/**
 * A database of its own on the server at `url`: 100,000 members in 2,000 organisations or what `size` says, ten entries
 * of activity in each, and people with a session each. `drop` removes it.
 */
export async function seededDatabase(url, size = { tenants: TENANTS, membersEach: MEMBERS_EACH }) {
  const { url: address, drop } = await emptyDatabase(url);
  await prepareDatabase(
    readConfig({ NODE_ENV: 'test', DATABASE_URL: address }),
    DatabaseServer.remote(address),
  );
  const pool = new pg.Pool({ connectionString: address });
  try {
    await fill(pool, size);
    const people = await signIn(pool, size);
    return { url: address, people, rows: await rowsOf(people, pool), drop };
  } finally {
    await pool.end();
  }
}

async function fill(pool, { tenants, membersEach }) {
  await pool.query(
    `INSERT INTO tenant (id, organization, created_at)
     SELECT md5('tenant' || n)::uuid, 'Organisation ' || n, now() - n * interval '1 hour'
     FROM generate_series(0, $1::int - 1) n`,
    [tenants],
  );
  await pool.query(
    `INSERT INTO users (id, email, password_hash, email_verified_at)
     SELECT md5('user' || n)::uuid, 'person' || n || '@bench.example', $2, now()
     FROM generate_series(0, $1::int - 1) n`,
    [tenants * membersEach, await bcrypt.hash(PASSWORD, BCRYPT_COST)],
  );
  await pool.query(
    `INSERT INTO user_profile (user_id, display_name, timezone_id, language_id, country_id,
       profile_completed_at, tenant_id, role, tenant_joined_at)
     SELECT md5('user' || n)::uuid, 'Person ' || n,
       (SELECT id FROM timezone WHERE name = 'Europe/Brussels'),
       (SELECT id FROM language WHERE code = 'en'), (SELECT id FROM country WHERE code = 'BE'),
       now(), md5('tenant' || n / $2)::uuid, CASE WHEN n % $2 = 0 THEN 'admin' ELSE 'member' END,
       now() - n % $2 * interval '1 day'
     FROM generate_series(0, $1::int - 1) n`,
    [tenants * membersEach, membersEach],
  );
  await joined(pool, { tenants, membersEach });
  await pool.query('VACUUM ANALYZE');
}

/** What the page of an organisation shows lately: who joined, from the browser they did it with. */
async function joined(pool, { tenants, membersEach }) {
  const client = await pool.connect();
  try {
    await client.query('SET ROLE app_audit');
    await client.query(
      `INSERT INTO audit_entry (tenant_id, actor_kind, actor_id, actor_name, action, subject_kind,
         subject_id, subject_name, address, device, request_id)
       SELECT md5('tenant' || n / $2)::uuid, 'person', md5('user' || n)::uuid, 'Person ' || n,
         'member.joined', 'user', md5('user' || n), 'Person ' || n, '192.0.2.7', $3,
         gen_random_uuid()::text
       FROM generate_series(0, $1::int - 1) n WHERE n % $2 < 10 ORDER BY n DESC`,
      [tenants * membersEach, membersEach, BROWSER],
    );
    await client.query('RESET ROLE');
  } finally {
    client.release();
  }
}

const BROWSER =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';

/** Admins of different organisations, with a session in the browser and one of the API. */
async function signIn(pool, { tenants, membersEach }) {
  const people = [];
  for (let index = 0; index < PEOPLE; index++) {
    const number = index * Math.floor(tenants / PEOPLE) * membersEach;
    const cookie = await session(pool, number, 'browser');
    const api = await session(pool, number, 'api');
    people.push({ email: `person${number}@bench.example`, cookie: cookie.token, ...api });
  }
  return people;
}

/** What the people may change in their organisations: other members, and projects. */
async function rowsOf(people, pool) {
  const rows = { members: [], projects: [] };
  for (const person of people) {
    const of = async (text, values) =>
      (await pool.query(text, values)).rows.map((row) => ({ ...row, person }));
    const members = `SELECT id, role FROM user_profile WHERE user_id <> $1
      AND tenant_id = (SELECT tenant_id FROM user_profile WHERE user_id = $1)`;
    rows.members.push(...(await of(members, [person.userId])));
    const projects = `INSERT INTO project (tenant_id, name, status, version)
      SELECT p.tenant_id, 'Project ' || n, 'planned', 1
      FROM user_profile p, generate_series(1, $2::int) n WHERE p.user_id = $1
      RETURNING id, version`;
    rows.projects.push(...(await of(projects, [person.userId, PROJECTS_EACH])));
  }
  // The organisations by turns, not one after the other.
  return { members: mixed(rows.members), projects: mixed(rows.projects) };
}

function mixed(rows) {
  const each = rows.length / PEOPLE;
  return rows.map((_, at) => rows[(at % PEOPLE) * each + Math.floor(at / PEOPLE)]);
}

async function session(pool, number, kind) {
  const token = randomBytes(32).toString('base64url');
  const { rows } = await pool.query(
    // Authenticated lately for as long as the run takes: giving a role asks for that.
    `INSERT INTO session (user_id, kind, token_hash, expires_at, authenticated_at)
     VALUES (md5('user' || $1)::uuid, $2, $3, now() + interval '1 day', now() + interval '1 day')
     RETURNING id, user_id`,
    [String(number), kind, createHash('sha256').update(token).digest()],
  );
  return { token, sid: rows[0].id, userId: rows[0].user_id };
}
