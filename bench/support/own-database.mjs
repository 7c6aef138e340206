import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { findServer } from '../../scripts/support/postgres.mjs';
import { prepareForTests } from '../../scripts/support/steps.mjs';

/**
 * Builds what is out of date, then makes an empty database on the server that BENCH_DATABASE_URL names, or on
 * that of this machine. Modules of dist/ are imported after it. `drop` removes the database.
 */
export async function ownDatabase() {
  const failure = await prepareForTests();
  if (failure) throw new Error(failure);
  const { url, problem } = await findServer(process.env.BENCH_DATABASE_URL);
  if (!url) throw new Error(problem ?? 'No PostgreSQL server answers: set BENCH_DATABASE_URL');
  return emptyDatabase(url);
}

/** The same on the server at `server`, with nothing built. */
export async function emptyDatabase(server) {
  const name = `atrium_bench_${randomBytes(4).toString('hex')}`;
  await asMaintainer(server, `CREATE DATABASE ${name}`);
  const own = new URL(server);
  own.pathname = `/${name}`;
  return {
    url: own.href,
    drop: () => asMaintainer(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

/** One statement outside of any transaction, such as CREATE DATABASE. */
async function asMaintainer(server, statement) {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
