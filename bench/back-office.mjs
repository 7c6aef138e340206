/**
 * npm run bench:admin [-- --users 1000000 --rounds 20]: the lists of the back office over many rows. For
 * each address: how long it takes, how many statements it asks, and which indexes they walk.
 * BENCH_DATABASE_URL names the PostgreSQL server; default: the one of this machine.
 */
import 'reflect-metadata';
import { createHash, randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { ownDatabase } from './support/own-database.mjs';

const { values } = parseArgs({
  options: {
    users: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '20' },
  },
});
const USERS = Number(values.users);
const TENANTS = Math.max(1, Math.floor(USERS / 50));

const own = await ownDatabase();
const { readConfig } = await import('../dist/src/core/config/read-config.js');
const { DatabaseServer } = await import('../dist/src/core/database/database-server.js');
const { UnitOfWork } = await import('../dist/src/core/database/unit-of-work.js');
const { createApp } = await import('../dist/src/create-app.js');
const { prepareDatabase } = await import('../dist/src/prepare-database.js');

try {
  await main();
} finally {
  await own.drop();
}

async function main() {
  const config = readConfig({
    NODE_ENV: 'test',
    LOG_LEVEL: 'silent',
    ROLE: 'web',
    DATABASE_URL: own.url,
    APP_SECRET: 'a secret of the benchmark, long enough to be one',
  });
  const server = DatabaseServer.remote(own.url);
  await prepareDatabase(config, server);
  const pool = new pg.Pool({ connectionString: own.url, max: 1 });
  // The database may be dropped before an idle connection is closed.
  pool.on('error', () => undefined);
  console.log(
    `Seeding ${USERS.toLocaleString('en')} users in ${TENANTS.toLocaleString('en')} organisations …`,
  );
  const token = await seed(pool);
  const app = await createApp(config, server);
  await app.listen(0, '127.0.0.1');
  try {
    await measure(app, pool, token);
  } finally {
    await app.close();
    await pool.end();
  }
}

async function measure(app, pool, token) {
  const home = await app.getUrl();
  const headers = { cookie: `atrium_session=${token}` };
  const unitOfWork = app.get(UnitOfWork);
  const read = unitOfWork.read.bind(unitOfWork);
  let asked = [];
  unitOfWork.read = (statement, role) => {
    asked.push({ ...statement, role });
    return read(statement, role);
  };
  const deep = await nextPage(pool);
  const tenant = (await pool.query('SELECT id FROM tenant LIMIT 1')).rows[0].id;
  const paths = [
    '/admin/users/',
    '/admin/users/?sort=email',
    `/admin/users/?sort=email&page=${deep}`,
    '/admin/users/?q=person5000',
    '/admin/users/?q=p',
    '/admin/users/?q=son77777',
    '/admin/users/?q=bench.example',
    '/admin/users/?q=99%40bench&sort=email',
    '/admin/users/?state=inactive',
    '/admin/users/?state=deleted',
    '/admin/users/?staff=superuser&sort=email',
    '/admin/profiles/',
    '/admin/profiles/?q=person+77',
    '/admin/profiles/?role=admin',
    '/admin/profiles/?role=none',
    `/admin/profiles/?tenant=${tenant}`,
    '/admin/tenants/?q=organisation+12',
    '/admin/search/?q=son77777',
    '/admin/search/?q=sation+777',
    '/admin/search/?q=bench.example',
    '/admin/search/?q=777',
    '/admin/search/?q=no+such+thing',
    `/admin/search/?q=${tenant}`,
    '/admin/audit/?q=son77777',
    '/admin/audit/?q=bench.example',
    '/admin/sessions/?state=ended',
    '/admin/audit/',
    `/admin/tenants/${tenant}/`,
    '/admin/',
  ];
  console.log(
    `\n${'address'.padEnd(58)}${'median'.padStart(9)}${'worst'.padStart(9)}  statements, indexes`,
  );
  for (const path of paths) {
    const times = [];
    for (let round = 0; round < Number(values.rounds); round++) {
      asked = [];
      const started = performance.now();
      const answer = await fetch(home + path, { headers, redirect: 'manual' });
      await answer.text();
      times.push(performance.now() - started);
      if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}`);
    }
    times.sort((a, b) => a - b);
    const walked = await plans(
      pool,
      asked.filter(({ role }) => role?.name === 'staff'),
    );
    const shown = path.length > 56 ? `${path.slice(0, 55)}…` : path;
    const ms = (value) => `${value.toFixed(1)} ms`.padStart(9);
    console.log(
      `${shown.padEnd(58)}${ms(times[times.length >> 1])}${ms(times.at(-1))}  ${asked.length}: ${walked.join(', ')}`,
    );
  }
}

/** The scans of the big tables, as the planner does them in the role of staff. */
async function plans(pool, statements) {
  const client = await pool.connect();
  const scans = new Set();
  try {
    await client.query('BEGIN');
    await client.query('SET LOCAL ROLE app_staff');
    for (const { text, values: given } of statements) {
      const { rows } = await client.query(`EXPLAIN (FORMAT JSON) ${text}`, given);
      collect(rows[0]['QUERY PLAN'][0].Plan, scans);
    }
  } finally {
    await client.query('ROLLBACK');
    client.release();
  }
  return [...scans];
}

function collect(plan, scans) {
  const table = plan['Relation Name'];
  if (plan['Index Name']) scans.add(plan['Index Name']);
  else if (table && /Seq Scan/.test(plan['Node Type'])) scans.add(`all of ${table}`);
  for (const inner of plan.Plans ?? []) collect(inner, scans);
}

/** A cursor in the middle of the list by address. */
async function nextPage(pool) {
  const { rows } = await pool.query(
    `SELECT id, lower(email) AS key FROM users WHERE email LIKE $1`,
    [`person${Math.floor(USERS / 2)}@%`],
  );
  return Buffer.from(JSON.stringify(['email', 'after', rows[0].key, rows[0].id])).toString(
    'base64url',
  );
}

async function seed(pool) {
  // The triggers would take longer than all the rest; what they keep is written here.
  await pool.query('ALTER TABLE user_profile DISABLE TRIGGER USER');
  await pool.query(
    `INSERT INTO tenant (id, organization, created_at, is_active)
     SELECT md5('tenant' || n)::uuid, 'Organisation ' || n, now() - n * interval '1 minute', n % 1000 <> 0
     FROM generate_series(0, $1::int - 1) n`,
    [TENANTS],
  );
  await pool.query(
    `INSERT INTO users (id, email, email_verified_at, created_at, is_active)
     SELECT md5('user' || n)::uuid, 'person' || n || '@bench.example', now(),
       now() - n * interval '37 seconds', n % 5000 <> 1
     FROM generate_series(0, $1::int - 1) n`,
    [USERS],
  );
  await pool.query(
    `INSERT INTO user_profile (user_id, display_name, listed_as, profile_completed_at, tenant_id, role,
       tenant_joined_at, created_at)
     SELECT md5('user' || n)::uuid, 'Person ' || n, 'person ' || n || ' person' || n || '@bench.example', now(),
       md5('tenant' || n / 50)::uuid, CASE WHEN n % 50 = 0 THEN 'admin' ELSE 'member' END, now(),
       now() - n * interval '37 seconds'
     FROM generate_series(0, $1::int - 1) n`,
    [USERS],
  );
  await pool.query(
    `INSERT INTO session (user_id, kind, token_hash, created_at, last_seen_at, expires_at, ended_at)
     SELECT md5('user' || n)::uuid, 'browser', sha256(n::text::bytea), now() - n % 60 * interval '1 day',
       now() - n % 40 * interval '1 day', now() + interval '30 days', CASE WHEN n % 3 = 0 THEN now() END
     FROM generate_series(0, $1::int / 5) n`,
    [USERS],
  );
  await pool.query(
    `INSERT INTO audit_entry (chain, tenant_id, position, at, actor_kind, actor_id, action, subject_kind,
       subject_id, previous_hash, hash)
     SELECT md5('tenant' || n / 50)::uuid, md5('tenant' || n / 50)::uuid, n % 50 + 1,
       now() - n * interval '11 seconds', 'person', md5('user' || n)::uuid, 'sign_in.succeeded', 'user',
       md5('user' || n)::uuid::text, '', ''
     FROM generate_series(0, $1::int / 2) n`,
    [USERS],
  );
  await pool.query('ALTER TABLE user_profile ENABLE TRIGGER USER');
  await pool.query(
    `UPDATE users SET is_staff = true, is_superuser = true WHERE email LIKE 'person0@%'`,
  );
  const token = randomBytes(32).toString('base64url');
  await pool.query(
    `INSERT INTO session (user_id, kind, token_hash, expires_at)
     VALUES (md5('user0')::uuid, 'browser', $1, now() + interval '1 day')`,
    [createHash('sha256').update(token).digest()],
  );
  await pool.query('VACUUM ANALYZE');
  return token;
}
