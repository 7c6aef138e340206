import { isDeepStrictEqual } from 'node:util';
import type { RequestContext } from '../../context/request-context.js';
import { BoundedCache } from '../../utils/bounded-cache.js';
import type { ReadContext, Statement } from './pipelined-read.js';

type Ask = (context: ReadContext, statement: Statement) => Promise<unknown[]>;

/** The read context (role, organisation, actor) a visitor had at the last request. */
interface Visitor extends ReadContext {
  standing: string;
}

/** A statement that is usually read at an address by people of one organisation and role. */
interface Habit {
  statement: Statement;
  /** Increased by each use, decreased by each unused prefetch. */
  credit: number;
}

/** Prefetched reads of a request. */
interface Ahead {
  visitor: string;
  reads: Array<{ context: ReadContext; statement: Statement; rows: Promise<unknown[]> }>;
}

/** Some 200 bytes each. */
const MOST_VISITORS = 20_000;
const MOST_ADDRESSES = 5_000;
/** Maximum statements per address, and maximum length of an address in characters. */
const MOST_READS = 4;
const LONGEST = 300;
/** Number of uses before a statement is prefetched: many are read once only and cached. */
const WANTED = 2;
/** Maximum number of unused prefetches, those under way included, before it stops. */
const MOST_CREDIT = 100;

/**
 * Prefetches the usual reads of a page in the round trip that authenticates the request. It remembers which
 * statements an address read before in this organisation, and the role, organisation and actor the visitor
 * had. Neither grants anything: the rows are used only when, after authentication and all guards, the same
 * statement is read with the same values for the same role, organisation and actor. They are read after the
 * session, on the same connection, under the policies of that organisation, so nothing is older than it would
 * have been. See ADR 35.
 */
export class Prefetcher {
  private readonly visitors = new BoundedCache<string, Visitor>(MOST_VISITORS);
  private readonly habits = new BoundedCache<string, Map<string, Habit>>(MOST_ADDRESSES);
  private readonly ahead = new WeakMap<object, Ahead>();

  constructor(private readonly ask: Ask) {}

  /** Called when the authentication of `visitor` was just sent: sends the usual reads along. */
  prefetch({ pageVisit: visit }: Readonly<RequestContext>, visitor: string): void {
    if (!visit || visit.address.length > LONGEST) return;
    const known = this.visitors.get(visitor);
    const reads = known ? this.askFor(known, visit.address) : [];
    this.ahead.set(visit, { visitor, reads });
  }

  /** The rows of a prefetched statement; undefined: read it now. */
  take(
    scope: Readonly<RequestContext>,
    context: ReadContext,
    statement: Statement,
  ): Promise<unknown[]> | undefined {
    const ahead = scope.pageVisit && this.ahead.get(scope.pageVisit);
    if (!ahead || !statement.name) return undefined;
    this.learn(scope, ahead.visitor, context, statement);
    const at = ahead.reads.findIndex((read) => isSame(read, context, statement));
    if (at === -1) return undefined;
    return ahead.reads.splice(at, 1)[0]!.rows;
  }

  /** Discards prefetched reads because the request writes. */
  forget({ pageVisit: visit }: Readonly<RequestContext>): void {
    if (visit) this.ahead.delete(visit);
  }

  private askFor({ standing, ...context }: Visitor, address: string): Ahead['reads'] {
    const habits = this.habits.get(habitsOf(context, standing, address));
    if (!habits) return [];
    const reads = [];
    for (const habit of habits.values()) {
      if (habit.credit <= WANTED) continue;
      habit.credit -= 1;
      const rows = this.ask(context, habit.statement);
      // A failure is reported to whoever takes the rows; unused ones are ignored.
      rows.catch(() => undefined);
      reads.push({ context, statement: habit.statement, rows });
    }
    return reads;
  }

  private learn(
    scope: Readonly<RequestContext>,
    visitor: string,
    context: ReadContext,
    statement: Statement,
  ): void {
    const standing = scope.principal?.role ?? '-';
    const known = this.visitors.get(visitor);
    if (!known || !isFor(known, context) || known.standing !== standing) {
      this.visitors.set(visitor, { ...context, standing });
    }
    const key = habitsOf(context, standing, scope.pageVisit!.address);
    const habits = this.habits.get(key) ?? this.habits.set(key, new Map<string, Habit>());
    const habit = habits.get(statement.name!);
    if (!habit) {
      if (habits.size < MOST_READS) habits.set(statement.name!, { statement, credit: WANTED });
    } else if (isDeepStrictEqual(habit.statement.values, statement.values)) {
      habit.credit = Math.min(habit.credit + WANTED, MOST_CREDIT);
    }
  }
}

/**
 * Key by organisation, actor, role and address: values are part of a statement and must not be read in
 * another organisation.
 */
function habitsOf({ tenantId, actorId }: ReadContext, standing: string, address: string): string {
  return `${tenantId ?? actorId} ${standing} ${address}`;
}

function isSame(
  read: Ahead['reads'][number],
  context: ReadContext,
  { name, values, inIndexOrder }: Statement,
): boolean {
  return (
    read.statement.name === name &&
    read.statement.inIndexOrder === inIndexOrder &&
    isFor(read.context, context) &&
    isDeepStrictEqual(read.statement.values, values)
  );
}

function isFor(one: ReadContext, other: ReadContext): boolean {
  return (
    one.role === other.role && one.tenantId === other.tenantId && one.actorId === other.actorId
  );
}
