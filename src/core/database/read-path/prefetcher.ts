import { isDeepStrictEqual } from 'node:util';
import type { RequestContext } from '../../context/request-context.js';
import { BoundedCache } from '../../utils/bounded-cache.js';
import type { ReadContext, Statement } from './pipelined-read.js';

type Ask = (context: ReadContext, statement: Statement) => Promise<unknown[]>;

/** For whom reads are asked, as far as it was so the last time. */
interface Visitor extends ReadContext {
  standing: string;
}

/** A statement that is asked wherever people of one organisation and standing visit one address. */
interface Habit {
  statement: Statement;
  /** Grows by what was wanted, falls by what was asked ahead of time. */
  credit: number;
}

/** Reads that were asked before anybody wanted them. */
interface Ahead {
  visitor: string;
  reads: Array<{ context: ReadContext; statement: Statement; rows: Promise<unknown[]> }>;
}

/** Some 200 bytes each. */
const MOST_VISITORS = 20_000;
const MOST_ADDRESSES = 5_000;
/** What belongs to one address; and how long that may be (characters). */
const MOST_READS = 4;
const LONGEST = 300;
/** Wanted once is not a habit yet: much is read once and kept. */
const WANTED = 2;
/** At most so often a habit is followed for nothing; requests under way count as such. */
const MOST_CREDIT = 100;

/**
 * Asks for what a page will read together with who is asking, so that both are one round trip.
 *
 * It knows what such a page read before in this organisation, and for whom this visitor's reads were: their role, organisation
 * and actor. Neither decides anything. The rows are used only when, with the visitor recognised and every
 * guard passed, the very same statement is asked with the very same values for the very same role,
 * organisation and actor; otherwise nobody sees them. They are read after the visitor was, on the same
 * connection, under the policies of that organisation: nothing is older than it would have been.
 */
export class Prefetcher {
  private readonly visitors = new BoundedCache<string, Visitor>(MOST_VISITORS);
  private readonly habits = new BoundedCache<string, Map<string, Habit>>(MOST_ADDRESSES);
  private readonly ahead = new WeakMap<object, Ahead>();

  constructor(private readonly ask: Ask) {}

  /** The question who `visitor` is has just gone out: what they will want to read goes along. */
  prefetch({ pageVisit: visit }: Readonly<RequestContext>, visitor: string): void {
    if (!visit || visit.address.length > LONGEST) return;
    const known = this.visitors.get(visitor);
    const reads = known ? this.askFor(known, visit.address) : [];
    this.ahead.set(visit, { visitor, reads });
  }

  /** The rows of a statement that was asked ahead of time; undefined: ask it now. */
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

  /** Something is about to be written: what was read before it is not to be relied on. */
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
      // Whoever wants them hears of the failure; it may be nobody.
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

/** Values are part of a habit: what was typed in one organisation is never asked for in another. */
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
