import { canonicalEmail } from '../core/utils/email-address.js';
import type { Statement } from '../core/database/read-path/pipelined-read.js';
import { filterOf, MEMBER_COLUMNS, type MemberQuery } from './member-list.js';

/**
 * Searches members by prefixes of the words of their names and addresses (table `member_word`). Under
 * row-level security PostgreSQL uses an index only with leakproof operators: text comparison is, LIKE,
 * trigrams and arrays are not. See ADR 16.
 */

/**
 * As in `app_search_words`: by code point, not by character class, which depends on the database's locale.
 */
const SIGN = String.raw`[!-/:-@\[-\u0060{-~\u00a1-\u00bf\u2000-\u206f\u3000-\u303f]`;
const OUTER_SIGNS = new RegExp(`^${SIGN}+|${SIGN}+$`, 'gu');
const INNER_SIGN = new RegExp(SIGN, 'u');
/** Maximum number of search words. */
const WORDS = 6;

/** The prefixes to search for, all of which must match. Empty when there were only punctuation characters. */
export function soughtIn(q: string): string[] {
  const parts = q
    .split(/\s+/u)
    .map((part) => (part.includes('@') ? canonicalEmail(part) : part).replace(OUTER_SIGNS, ''));
  const words = parts.filter(Boolean).map((part) => (INNER_SIGN.test(part) ? `~${part}` : part));
  return [...new Set(words)].slice(0, WORDS);
}

/**
 * Statement for at most `limit` members by matching word, then name. Walks one index from the position of the
 * page and stops when it is full. Of several words the one with the fewest members leads.
 */
export function searchStatement(query: MemberQuery, sought: string[]): Statement {
  const { after, before, limit } = query;
  const values: unknown[] = [limit, sought];
  const given = (value: unknown) => `$${values.push(value)}`;
  const filter = filterOf(query, given);
  const conditions = ['w.tenant_id = app_tenant_id()', within('w', LO, HI), ...filter.conditions];
  let name = `members-found${filter.name}`;
  const cursor = after ?? before;
  if (cursor) {
    const id = given(cursor);
    conditions.push(`(w.word, w.listed_as, w.member_id) ${after ? '>' : '<'}
      ((${firstWordOf(id)}), (SELECT min(listed_as) FROM member_word
        WHERE tenant_id = app_tenant_id() AND member_id = ${id}), ${id}::uuid)`);
    name += after ? '-after' : '-before';
  }
  // A member with two matching words is found by the first.
  conditions.push(`w.word = (${firstWordOf('w.member_id')})`);
  if (sought.length > 1) {
    conditions.push(`(SELECT bool_and(EXISTS (SELECT FROM member_word o
      WHERE o.tenant_id = app_tenant_id() AND o.member_id = w.member_id AND ${within('o', 'lo', 'hi')}))
      FROM sought)`);
    name += '-all';
  }
  const way = before && !after ? 'DESC' : 'ASC';
  const order = `w.word ${way}, w.listed_as ${way}, w.member_id ${way}`;
  const text = `${sought.length > 1 ? SEVERAL : ONE}
    SELECT ${MEMBER_COLUMNS}
    FROM (SELECT word, listed_as, member_id FROM member_word w
      WHERE ${conditions.join(' AND ')} ORDER BY ${order} LIMIT $1) w
    JOIN user_profile p ON p.id = w.member_id JOIN users u ON u.id = p.user_id ORDER BY ${order}`;
  return { name, text, values, inIndexOrder: true };
}

/** SQL condition for a prefix: between the prefix and the prefix followed by the last character. */
function within(table: string, from: string, to: string): string {
  return `${table}.word >= ${from} AND ${table}.word < ${to}`;
}

/** The word a member is found by. */
function firstWordOf(member: string): string {
  return `SELECT min(o.word) FROM member_word o WHERE o.tenant_id = app_tenant_id()
    AND o.member_id = ${member} AND ${within('o', LO, HI)}`;
}

const [LO, HI] = ['(SELECT lo FROM rarest)', '(SELECT hi FROM rarest)'];

const SOUGHT = `SELECT folded AS lo, folded || chr(1114111) AS hi FROM unnest($2::text[]) AS word,
  LATERAL (SELECT left(app_search_text(word), 64) COLLATE "C" AS folded) f`;

const ONE = `WITH rarest AS MATERIALIZED (${SOUGHT})`;

/**
 * Counts at most 200 matches per prefix, in the order of the index; beyond that all prefixes count as equally
 * common.
 */
const SEVERAL = `WITH sought AS MATERIALIZED (${SOUGHT}),
  rarest AS MATERIALIZED (SELECT lo, hi FROM sought ORDER BY (SELECT count(*) FROM
    (SELECT FROM member_word o WHERE o.tenant_id = app_tenant_id() AND ${within('o', 'lo', 'hi')}
      ORDER BY o.word LIMIT 200) few), lo LIMIT 1)`;
