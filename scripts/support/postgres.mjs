import { userInfo } from 'node:os';
import pg from 'pg';

const oldestVersion = 15;

/**
 * A PostgreSQL server that tests may use: the given one, or else one on this machine whose role may
 * create databases and roles. Resolves with { url, version }, with { problem } when the given one
 * cannot be used, or with {}.
 */
export async function findServer(given) {
  if (given) return probe(given);
  for (const user of new Set(['postgres', userInfo().username])) {
    const found = await probe(`postgres://${encodeURIComponent(user)}@127.0.0.1:5432/postgres`);
    if (found.url) return found;
  }
  return {};
}

async function probe(url) {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 1000 });
  client.on('error', () => {});
  try {
    await client.connect();
    const { rows } = await client.query(
      `select rolsuper or (rolcreatedb and rolcreaterole) as allowed,
              current_setting('server_version_num')::int / 10000 as version
         from pg_roles where rolname = current_user`,
    );
    const { allowed, version } = rows[0];
    if (version < oldestVersion) return { problem: `it is PostgreSQL ${version}, not 15 or newer` };
    if (!allowed) return { problem: 'its role may not create databases and roles' };
    return { url, version };
  } catch (error) {
    return { problem: error.message || error.code || String(error) };
  } finally {
    await client.end().catch(() => {});
  }
}
