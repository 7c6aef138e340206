import 'reflect-metadata';
import pg from 'pg';

/**
 * The application on a database in memory, with the demo organisation: what the screenshots show.
 * Needs the compiled code in dist/.
 */
export async function startDemo() {
  const [{ readConfig }, { DatabaseServer }, { EmbeddedDatabase }, { prepareDatabase }, app] =
    await Promise.all([
      import('../../dist/src/core/config/read-config.js'),
      import('../../dist/src/core/database/database-server.js'),
      import('../../dist/src/pglite-wire/pglite-wire.js'),
      import('../../dist/src/prepare-database.js'),
      import('../../dist/src/create-app.js'),
    ]);
  const config = readConfig({
    NODE_ENV: 'development',
    LOG_LEVEL: 'silent',
    BCRYPT_COST: '4',
    RATE_LIMIT_MULTIPLIER: '1000',
    APP_SECRET: 'the screenshots need no better secret than this',
  });
  const engine = await EmbeddedDatabase.open();
  const server = DatabaseServer.embedded(engine);
  await prepareDatabase(config, server);
  const atrium = await app.createApp(config, server);
  await atrium.listen(0, '127.0.0.1');
  const owner = new pg.Pool({ user: 'postgres', stream: () => engine.connect() });
  return {
    home: await atrium.getUrl(),
    ...(await furnish(atrium, owner)),
    stop: async () => {
      await owner.end();
      await atrium.close();
    },
  };
}

/** Demo people by kind of visitor. */
const CAST = { admin: 'emma', member: 'bram', gone: 'jonas' };
const NEWCOMER = 'lena.maes@atelier-maes.example';
const FOUNDER = 'fien.declercq@declercq.example';
const STAFF = 'nora.janssens@atrium.example';

async function furnish(atrium, owner) {
  const [{ writeDemo }, { addressOf }, { newToken }, { RegistrationService }, { runInContext }] =
    await Promise.all([
      import('../../dist/src/commands/demo/write-demo.js'),
      import('../../dist/src/commands/demo/telling.js'),
      import('../../dist/src/users/access-tokens/tokens.js'),
      import('../../dist/src/users/sign-in/registration.service.js'),
      import('../../dist/src/core/context/request-context.js'),
    ]);
  const sql = async (text, values = []) => (await owner.query(text, values)).rows;
  await inTransaction(owner, (run) => writeDemo(run, 'nobody signs in with a password here'));
  const client = { ip: '127.0.0.1', userAgent: CHROME };
  for (const email of [NEWCOMER, FOUNDER, STAFF]) {
    const registration = { email, password: 'paper lantern orbit' };
    await runInContext({}, () => atrium.get(RegistrationService).register(registration, client));
  }
  await sql('UPDATE users SET is_staff = true, is_superuser = true WHERE email = $1', [STAFF]);

  await inTransaction(owner, async (run) => {
    const as = `SELECT set_config('app.actor_id', id::text, true) FROM users WHERE email = $1`;
    await run(as, [FOUNDER]);
    await run(
      `WITH founded AS (INSERT INTO tenant (organization) VALUES ('Declercq & Zonen') RETURNING id)
       UPDATE user_profile SET tenant_id = founded.id, role = 'admin', tenant_joined_at = now(),
         profile_completed_at = now() FROM founded WHERE user_id = app_actor_id()`,
    );
  });

  const sessions = { anyone: null };
  const cast = Object.entries(CAST).map(([who, name]) => [who, addressOf(name)]);
  for (const [who, email] of [
    ...cast,
    ['newcomer', NEWCOMER],
    ['founder', FOUNDER],
    ['staff', STAFF],
  ]) {
    const { token, hash } = newToken();
    sessions[who] = token;
    await sql(
      `INSERT INTO session (user_id, kind, token_hash, user_agent, ip, expires_at)
       SELECT id, 'browser', $2, $3, '127.0.0.1', now() + interval '1 day' FROM users WHERE email = $1`,
      [email, hash, CHROME],
    );
  }

  const acting = newToken();
  sessions.acting = acting.token;
  await sql(
    `INSERT INTO session (user_id, kind, token_hash, expires_at, acting_session_id, acting_staff_id,
       acting_staff_name, acting_reason, acting_may_write)
     SELECT u.id, 'browser', $3, now() + interval '30 minutes', own.id, own.user_id, 'Nora',
       'The list of projects looks empty', false
     FROM users u, session own JOIN users staff ON staff.id = own.user_id
     WHERE u.email = $1 AND staff.email = $2 LIMIT 1`,
    [addressOf(CAST.member), STAFF, acting.hash],
  );

  const [reset, invitation] = [newToken(), newToken()];
  await sql(
    `INSERT INTO user_token (user_id, purpose, token_hash, email, expires_at)
     SELECT id, 'password_reset', $2, email, now() + interval '1 hour' FROM users WHERE email = $1`,
    [addressOf(CAST.member), reset.hash],
  );
  await sql(
    `UPDATE invitation SET token_hash = $1 WHERE id =
       (SELECT id FROM invitation WHERE state = 'pending' AND role = 'member'
        ORDER BY expires_at DESC LIMIT 1)`,
    [invitation.hash],
  );
  const [project] = await sql(
    `SELECT id FROM project WHERE status = 'active' AND description IS NOT NULL
     ORDER BY created_at LIMIT 1`,
  );
  const [member] = await sql(
    `SELECT p.id AS profile, p.tenant_id AS tenant, p.user_id AS user FROM user_profile p
     JOIN users u ON u.id = p.user_id WHERE u.email = $1`,
    [addressOf(CAST.member)],
  );
  const [said] = await sql(
    `SELECT c.id AS comment, c.subject_id AS commented, c.subject_id AS attached
     FROM comment c JOIN user_profile p ON p.id = c.author_id JOIN users u ON u.id = p.user_id
     WHERE u.email = $1`,
    [addressOf(CAST.admin)],
  );
  const mail = await firstMail(sql);
  const things = { ...member, ...said, reset: reset.token, invitation: invitation.token };
  return { sql, sessions, things: { ...things, project: project.id, mail: mail.id } };
}

const CHROME =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36';

async function inTransaction(pool, work) {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await work(async (text, values) => (await client.query(text, values)).rows);
    await client.query('COMMIT');
  } finally {
    client.release();
  }
}

/** Mail leaves by a job. */
async function firstMail(sql) {
  for (;;) {
    const [mail] = await sql('SELECT id FROM kept_mail ORDER BY created_at');
    if (mail) return mail;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
