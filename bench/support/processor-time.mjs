import { readFileSync, readdirSync } from 'node:fs';

/** Of all threads of these processes, in microseconds. Linux; of other people's processes as root. */
export function processorTime(pids) {
  const threads = pids.flatMap((pid) =>
    readdirSync(`/proc/${pid}/task`).map((id) => `/proc/${pid}/task/${id}/schedstat`),
  );
  const spent = threads.map((path) => Number(readFileSync(path, 'utf8').split(' ')[0]));
  return spent.reduce((sum, nanoseconds) => sum + nanoseconds, 0) / 1000;
}

/** The connections of a contestant to its database, which rounds that are not counted have opened. */
export async function backends(observer, databaseUrl, name) {
  const { rows } = await observer.query(
    'SELECT pid FROM pg_stat_activity WHERE datname = $1 AND application_name = $2',
    [new URL(databaseUrl).pathname.slice(1), name],
  );
  return rows.map(({ pid }) => pid);
}
