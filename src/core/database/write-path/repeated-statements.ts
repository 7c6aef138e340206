import type pg from 'pg';
import type { Statement } from '../read-path/pipelined-read.js';
import { BoundedCache } from '../../utils/bounded-cache.js';

/** Times a text has to come until it is prepared: not one that is put together anew each time. */
const TIMES = 5;

/** Names of one pool: each is a plan in every connection of the server. */
const MOST = 200;

const ALL_COLUMNS = /(SELECT|RETURNING)\s+\*|\.\*/i;

/** What has come through a pool. */
interface Seen {
  counts: BoundedCache<string, number>;
  names: Map<string, string>;
}

const seenBy = new WeakMap<pg.Pool, Seen>();

/**
 * The statement with a name where its text has come some times: planning what a repository or TypeORM asks without
 * a name takes PostgreSQL longer than running it. Not where the columns of the answer are those of a table at that
 * moment: after a migration PostgreSQL would refuse the statement (0A000).
 */
export function repeated(pool: pg.Pool, statement: Statement): Statement {
  const { name, text } = statement;
  if (name) return statement;
  const seen = seenOf(pool);
  const known = seen.names.get(text) ?? nameFor(seen, text);
  return known ? { ...statement, name: known } : statement;
}

function seenOf(pool: pg.Pool): Seen {
  const seen = seenBy.get(pool) ?? { counts: new BoundedCache(1_000), names: new Map() };
  seenBy.set(pool, seen);
  return seen;
}

function nameFor({ counts, names }: Seen, text: string): string | undefined {
  if (names.size === MOST) return undefined;
  const count = (counts.get(text) ?? 0) + 1;
  counts.set(text, count);
  if (count < TIMES || ALL_COLUMNS.test(text)) return undefined;
  const name = `repeated-${names.size + 1}`;
  names.set(text, name);
  return name;
}
