import { AsyncLocalStorage } from 'node:async_hooks';
import { QueryRunnerAlreadyReleasedError, type QueryRunner } from 'typeorm';
import type { RequestContext } from '../context/request-context.js';

type Query = QueryRunner['query'];

/** Callback after COMMIT. */
export type AfterCommit = () => void | Promise<void>;

const current = new AsyncLocalStorage<RoleSection>();

/** The section of the current asynchronous context; undefined outside of a transaction. */
export function currentSection(): RoleSection | undefined {
  return current.getStore();
}

/** Runs `work` as if no transaction were open. */
export function outsideOfTransactions<T>(work: () => T): T {
  return current.exit(work);
}

/** One database transaction with its context and callbacks. */
export class Transaction {
  tenantId: string | null;
  readonly actorId: string | null;
  readonly afterCommit: AfterCommit[] = [];
  /** The first error of a statement or nested use case; prevents the commit. */
  failure?: unknown;
  /** Sends a statement immediately, in the transaction's current role. */
  readonly send: Query;
  /** Read only during read-only impersonation, whatever the use case tries. */
  private readonly isReadOnly: boolean;
  private isOver = false;

  constructor(
    readonly runner: QueryRunner,
    { tenantId, actorId, principal }: Readonly<RequestContext>,
  ) {
    this.tenantId = tenantId;
    this.actorId = actorId;
    this.isReadOnly = principal?.impersonator?.mayWrite === false;
    const query = runner.query.bind(runner) as (...args: unknown[]) => Promise<unknown>;
    this.send = ((...args) => this.watch(query(...args))) as Query;
    // Also for statements of TypeORM's manager: statements of a section wait while the transaction has
    // another role.
    runner.query = ((...args: Parameters<Query>) => {
      const section = currentSection();
      if (section?.transaction !== this) return this.send(...args);
      return section.statement(() => this.send(...args));
    }) as Query;
  }

  /** Runs `work` as `role` and commits; an error rolls back everything and is rethrown. */
  async run<T>(role: string, work: () => Promise<T>): Promise<T> {
    const { runner } = this;
    try {
      await runner.startTransaction();
      const result = await new RoleSection(this, role).run(work);
      if (this.failure) throw this.failure;
      await runner.commitTransaction();
      return result;
    } catch (error) {
      if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
      throw error;
    } finally {
      this.isOver = true;
      await runner.release();
    }
  }

  /** Runs `work` in a savepoint: on failure only its changes are undone. */
  async attempt<T>(work: () => Promise<T>): Promise<T> {
    const { failure, tenantId } = this;
    const callbacks = this.afterCommit.length;
    await this.send('SAVEPOINT attempt');
    try {
      const result = await work();
      await this.send('RELEASE SAVEPOINT attempt');
      return result;
    } catch (error) {
      await this.send('ROLLBACK TO SAVEPOINT attempt');
      Object.assign(this, { failure, tenantId });
      this.afterCommit.splice(callbacks);
      throw error;
    }
  }

  async setContext(role: string): Promise<void> {
    const mode = this.isReadOnly ? 'on' : 'off';
    await this.send(SET_CONTEXT, [role, this.tenantId ?? '', this.actorId ?? '', mode]);
  }

  /**
   * Records failed statements: after one, COMMIT would be a silent ROLLBACK, also where the code ignored the
   * error.
   */
  private async watch<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (thrown) {
      const error = this.isOver ? thrown : ofTheConnection(thrown);
      this.failure ??= error;
      throw error;
    }
  }
}

/**
 * A part of a transaction that runs in one role. PostgreSQL gives a transaction one role at a time: use cases
 * that join in another role take turns, and statements of this section wait until they are done.
 */
export class RoleSection {
  /** Settles when the latest use case in another role has ended. */
  private turn: Promise<unknown> = Promise.resolve();
  private readonly statements = new Set<Promise<unknown>>();
  private isOver = false;

  constructor(
    readonly transaction: Transaction,
    readonly role: string,
  ) {}

  async run<T>(work: () => Promise<T>): Promise<T> {
    await this.transaction.setContext(this.role);
    return this.enter(work);
  }

  /** Runs a part of this use case in a savepoint. */
  attempt<T>(work: () => Promise<T>): Promise<T> {
    const part = new RoleSection(this.transaction, this.role);
    return this.exclusive(() => this.transaction.attempt(() => part.enter(work)));
  }

  private async enter<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await current.run(this, work);
    } finally {
      // Statements that were not awaited still run in this role.
      await this.exclusive(() => Promise.resolve());
      this.isOver = true;
    }
  }

  /** Runs a nested use case in its own role. */
  async join<T>(role: string, work: () => Promise<T>): Promise<T> {
    try {
      if (role === this.role) return await work();
      return await this.exclusive(() => this.switchTo(role, work));
    } catch (error) {
      this.transaction.failure ??= error;
      throw error;
    }
  }

  /** Runs a statement; concurrent ones are pipelined. */
  statement<T>(send: () => Promise<T>): Promise<T> {
    if (this.isOver) return Promise.reject(new Error(OVER));
    const answer = this.turn.then(send);
    const settled = answer.catch(() => undefined).finally(() => this.statements.delete(settled));
    this.statements.add(settled);
    return answer;
  }

  /** Switches the rest of the transaction to the organisation `tenantId`. */
  async switchTenant(tenantId: string): Promise<void> {
    await this.exclusive(async () => {
      this.transaction.tenantId = tenantId;
      await this.transaction.setContext(this.role);
    });
  }

  private async switchTo<T>(role: string, work: () => Promise<T>): Promise<T> {
    try {
      return await new RoleSection(this.transaction, role).run(work);
    } finally {
      // Fails after an earlier database error: the transaction is rolled back then anyway.
      await this.transaction.setContext(this.role).catch(() => undefined);
    }
  }

  /** Runs `work` after all earlier statements were answered; later ones wait for it. */
  private exclusive<T>(work: () => Promise<T>): Promise<T> {
    if (this.isOver) return Promise.reject(new Error(OVER));
    const turn = Promise.all([this.turn, ...this.statements]).then(work);
    this.turn = turn.catch(() => undefined);
    return turn;
  }
}

const OVER = 'This use case has ended: await everything it does';

/** `true`: local to the transaction. Session-level settings would leak over the pool. */
const SET_CONTEXT = `select set_config('role', $1, true),
  set_config('app.tenant_id', $2, true), set_config('app.actor_id', $3, true),
  set_config('transaction_read_only', $4, true)`;

/** Returns the connection error behind TypeORM's error about a released runner. */
function ofTheConnection(error: unknown): unknown {
  if (!(error instanceof QueryRunnerAlreadyReleasedError)) return error;
  const lost = new Error('The connection to the database was lost', { cause: error });
  return Object.assign(lost, { code: 'ECONNRESET' });
}
