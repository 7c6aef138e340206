import { AsyncLocalStorage } from 'node:async_hooks';
import { QueryRunnerAlreadyReleasedError, type QueryRunner } from 'typeorm';
import type { RequestContext } from '../context/request-context.js';

type Query = QueryRunner['query'];

/** What is called after COMMIT. */
export type AfterCommit = () => void | Promise<void>;

const current = new AsyncLocalStorage<RoleSection>();

/** What runs here and now inside of a transaction; undefined outside of any. */
export function currentSection(): RoleSection | undefined {
  return current.getStore();
}

/** Runs `work` as if no transaction were open. */
export function outsideOfTransactions<T>(work: () => T): T {
  return current.exit(work);
}

/** One database transaction: who it is for, and what happens when it ends. */
export class Transaction {
  tenantId: string | null;
  readonly actorId: string | null;
  readonly afterCommit: AfterCommit[] = [];
  /** The first failure of a statement or a nested use case: what it left must not be committed. */
  failure?: unknown;
  /** Sends a statement at once, in whatever role the transaction has. */
  readonly send: Query;
  /** Staff who only look at somebody's account change nothing, whatever the use case tries. */
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
    // Whoever asks, TypeORM's manager too: statements of a section wait while the role is another one.
    runner.query = ((...args: Parameters<Query>) => {
      const section = currentSection();
      if (section?.transaction !== this) return this.send(...args);
      return section.statement(() => this.send(...args));
    }) as Query;
  }

  /** Commits what `work` did as `role`; an error rolls back everything and is thrown on. */
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

  /** Runs `work` in a savepoint: when it fails, only what it did is undone. */
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
   * A statement that failed has spoilt the transaction, and its COMMIT would be a silent ROLLBACK: whoever
   * looked away from the error must not be told that all went well.
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
 * What is done in one role inside of a transaction. PostgreSQL gives a transaction one role at a time: use
 * cases that join in another role take turns, and statements of this one wait until they are done.
 */
export class RoleSection {
  /** Settles once the latest use case in another role has ended. */
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

  /** Runs a part of this use case of which nothing is left when it fails. */
  attempt<T>(work: () => Promise<T>): Promise<T> {
    const part = new RoleSection(this.transaction, this.role);
    return this.exclusive(() => this.transaction.attempt(() => part.enter(work)));
  }

  private async enter<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await current.run(this, work);
    } finally {
      // What nobody waited for was asked in this role all the same.
      await this.exclusive(() => Promise.resolve());
      this.isOver = true;
    }
  }

  /** Runs a use case that is called by this one, in its own role. */
  async join<T>(role: string, work: () => Promise<T>): Promise<T> {
    try {
      if (role === this.role) return await work();
      return await this.exclusive(() => this.switchTo(role, work));
    } catch (error) {
      this.transaction.failure ??= error;
      throw error;
    }
  }

  /** Statements that are asked at once travel together. */
  statement<T>(send: () => Promise<T>): Promise<T> {
    if (this.isOver) return Promise.reject(new Error(OVER));
    const answer = this.turn.then(send);
    const settled = answer.catch(() => undefined).finally(() => this.statements.delete(settled));
    this.statements.add(settled);
    return answer;
  }

  /** The rest of the transaction belongs to `tenantId`. */
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
      // Fails when the database refused something before: the transaction is rolled back then anyway.
      await this.transaction.setContext(this.role).catch(() => undefined);
    }
  }

  /** Runs `work` once everything asked before has been answered; what is asked later waits for it. */
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

/** TypeORM releases the runner of a connection that is lost between two statements, and says that only. */
function ofTheConnection(error: unknown): unknown {
  if (!(error instanceof QueryRunnerAlreadyReleasedError)) return error;
  const lost = new Error('The connection to the database was lost', { cause: error });
  return Object.assign(lost, { code: 'ECONNRESET' });
}
