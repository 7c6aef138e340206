import { AsyncLocalStorage } from 'node:async_hooks';
import type pg from 'pg';
import type { DataSource, QueryRunner } from 'typeorm';
import type { RequestContext } from '../context/request-context.js';
import { isConnectionLost } from './database-errors.js';
import { poolOf, type Statement } from './read-path/pipelined-read.js';
import { sendBatch, type Batch } from './write-path/statement-batch.js';

/** Callback after COMMIT. */
export type AfterCommit = () => void | Promise<void>;

/** What becomes known of a posted statement once it was answered: the number of changed rows. */
export type Answered = (changed: number) => void;

const current = new AsyncLocalStorage<RoleSection>();

/** The section of the current asynchronous context; undefined outside of a transaction. */
export function currentSection(): RoleSection | undefined {
  return current.getStore();
}

/** Runs `work` as if no transaction were open. */
export function outsideOfTransactions<T>(work: () => T): T {
  return current.exit(work);
}

/** A statement to be sent, and who is told of its outcome. */
interface Step {
  /** The settings it runs in; null: of the transaction itself, in any. */
  context: string[] | null;
  statement: Statement;
  resolve: (result: pg.QueryResult) => void;
  reject: (error: unknown) => void;
}

/**
 * One database transaction with its context and callbacks. What it sends is a message at a time: BEGIN travels with
 * the first statement, role, organisation and actor with the first statement that needs them, and posted statements
 * with the next one, or with COMMIT.
 */
export class Transaction {
  tenantId: string | null;
  readonly actorId: string | null;
  readonly afterCommit: AfterCommit[] = [];
  /** The first error of a statement or nested use case; prevents the commit. */
  failure?: unknown;
  /** For TypeORM's manager; its statements go the way of all others. */
  readonly runner: QueryRunner;
  /** Read only during read-only impersonation, whatever the use case tries. */
  private readonly isReadOnly: boolean;
  /** From the first statement on. */
  private client?: pg.PoolClient;
  /** The error after which the connection must be discarded. */
  private broken?: Error;
  /** Resolves when the message with BEGIN was answered. Nothing follows it before: it might be committed alone. */
  private opening?: Promise<void>;
  /** Whether BEGIN succeeded, and what was sent with it. */
  private isOpen = false;
  /** Not sent yet. */
  private steps: Step[] = [];
  /** The settings of the last statement that was sent; null where that is not known. */
  private context: string[] | null = null;

  constructor(
    private readonly dataSource: DataSource,
    { tenantId, actorId, principal }: Readonly<RequestContext>,
  ) {
    this.tenantId = tenantId;
    this.actorId = actorId;
    this.isReadOnly = principal?.impersonator?.mayWrite === false;
    this.runner = dataSource.createQueryRunner();
    const connection = { query: this.managersQuery };
    // It neither takes a connection of its own nor begins a transaction.
    const connect = () => Promise.resolve(connection);
    Object.assign(this.runner, { connect, isTransactionActive: true });
  }

  /** Runs `work` as `role` and commits; an error rolls back everything and is rethrown. */
  async run<T>(role: string, work: () => Promise<T>): Promise<T> {
    try {
      const result = await new RoleSection(this, role).run(work);
      if (this.failure) throw this.failure;
      await this.commit();
      return result;
    } catch (error) {
      await this.rollback();
      throw error;
    } finally {
      this.client?.release(this.broken);
      await this.runner.release();
    }
  }

  /** Keeps a statement for the next message. */
  post(statement: Statement, role: string, answered?: Answered): void {
    const resolve = ({ rowCount }: pg.QueryResult) => answered?.(rowCount ?? 0);
    this.steps.push({ context: this.contextOf(role), statement, resolve, reject: () => undefined });
  }

  /** Sends a statement, with everything posted before it. */
  send(statement: Statement, role: string): Promise<pg.QueryResult> {
    return this.step(statement, this.contextOf(role));
  }

  /** Runs `work` in a savepoint: on failure only its changes are undone. */
  async attempt<T>(work: () => Promise<T>): Promise<T> {
    await this.step(SAVEPOINT);
    const { failure, tenantId } = this;
    const callbacks = this.afterCommit.length;
    try {
      const result = await work();
      await this.step(RELEASE);
      return result;
    } catch (error) {
      this.steps = [];
      await this.step(ROLLBACK_TO);
      // The settings of before the savepoint are back.
      this.context = null;
      Object.assign(this, { failure, tenantId });
      this.afterCommit.splice(callbacks);
      throw error;
    }
  }

  private readonly managersQuery = (text: string, values: unknown[] = []) => {
    const section = currentSection();
    if (section?.transaction !== this) return Promise.reject(new Error(OVER));
    return section.query({ text, values });
  };

  private step(statement: Statement, context: string[] | null = null): Promise<pg.QueryResult> {
    const answer = new Promise<pg.QueryResult>((resolve, reject) => {
      this.steps.push({ context, statement, resolve, reject });
    });
    if (this.isOpen) void this.flush();
    else if (this.opening) void this.opening.then(() => this.flush());
    else this.opening = this.open();
    return answer;
  }

  /** What is asked while a connection is waited for goes in the same message. */
  private async open(): Promise<void> {
    try {
      this.client = await poolOf(this.dataSource).connect();
    } catch (error) {
      return this.fail(this.steps.splice(0), error);
    }
    await this.flush([BEGIN]);
  }

  /** Sends all steps in one message, in the order of the calls. */
  private async flush(frame: Batch = []): Promise<void> {
    const steps = this.steps.splice(0);
    if (steps.length === 0) return;
    // Outside of a transaction a statement would run in the role of the connection, and stay.
    if (!this.isOpen && frame.length === 0) return this.fail(steps, this.failure);
    const batch = [...frame];
    const places = steps.map(({ context, statement }) => {
      if (context && !isSame(context, this.context)) {
        batch.push({ ...CONTEXT, values: context });
        this.context = context;
      }
      return batch.push(statement) - 1;
    });
    try {
      const results = await sendBatch(this.client!, batch);
      this.isOpen = true;
      steps.forEach(({ resolve }, at) => resolve(results[places[at]!]!));
    } catch (error) {
      // What was behind the failure was skipped, settings too.
      this.context = null;
      if (isConnectionLost(error)) this.broken = error as Error;
      this.fail(steps, error);
    }
  }

  /**
   * Records the error: after it, COMMIT would be a silent ROLLBACK, also where the code ignored it.
   */
  private fail(steps: Step[], error: unknown): void {
    this.failure ??= error;
    steps.forEach(({ reject }) => reject(error));
  }

  /** Nothing to commit where nothing was asked. */
  private async commit(): Promise<void> {
    if (!this.opening && this.steps.length === 0) return;
    const { command } = await this.step(COMMIT);
    // PostgreSQL answers COMMIT of a failed transaction with ROLLBACK, not with an error.
    if (command !== 'COMMIT') throw this.failure ?? new Error('The transaction was rolled back');
  }

  /**
   * Also where COMMIT failed, and where BEGIN was never answered: a connection goes back to the pool without a
   * transaction, or not at all.
   */
  private async rollback(): Promise<void> {
    this.steps = [];
    if (!this.client) return;
    await sendBatch(this.client, [ROLLBACK]).catch((error: Error) => (this.broken = error));
  }

  private contextOf(role: string): string[] {
    return [role, this.tenantId ?? '', this.actorId ?? '', this.isReadOnly ? 'on' : 'off'];
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
    try {
      return await current.run(this, work);
    } finally {
      // Statements that were not awaited still run in this role.
      await this.exclusive(() => Promise.resolve());
      this.isOver = true;
    }
  }

  /** Runs a part of this use case in a savepoint. */
  attempt<T>(work: () => Promise<T>): Promise<T> {
    const part = new RoleSection(this.transaction, this.role);
    return this.exclusive(() => this.transaction.attempt(() => part.run(work)));
  }

  /** Runs a nested use case in its own role. */
  async join<T>(role: string, work: () => Promise<T>): Promise<T> {
    try {
      if (role === this.role) return await work();
      return await this.exclusive(() => new RoleSection(this.transaction, role).run(work));
    } catch (error) {
      this.transaction.failure ??= error;
      throw error;
    }
  }

  /** Runs a statement; concurrent ones are pipelined. */
  query(statement: Statement): Promise<pg.QueryResult> {
    return this.inTurn(() => this.transaction.send(statement, this.role));
  }

  /** Posts a statement, to be run as `role`. Resolves once it is its turn, not when it was answered. */
  post(statement: Statement, role: string, answered?: Answered): Promise<void> {
    return this.inTurn(() => Promise.resolve(this.transaction.post(statement, role, answered)));
  }

  /** Switches the rest of the transaction to the organisation `tenantId`. */
  async switchTenant(tenantId: string): Promise<void> {
    await this.exclusive(() => Promise.resolve((this.transaction.tenantId = tenantId)));
  }

  private inTurn<T>(send: () => Promise<T>): Promise<T> {
    if (this.isOver) return Promise.reject(new Error(OVER));
    const answer = this.turn.then(send);
    const settled = answer.catch(() => undefined).finally(() => this.statements.delete(settled));
    this.statements.add(settled);
    return answer;
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

const BEGIN: Statement = { name: 'begin', text: 'BEGIN' };
const COMMIT: Statement = { name: 'commit', text: 'COMMIT' };
const ROLLBACK: Statement = { text: 'ROLLBACK' };
const SAVEPOINT: Statement = { text: 'SAVEPOINT attempt' };
const RELEASE: Statement = { text: 'RELEASE SAVEPOINT attempt' };
const ROLLBACK_TO: Statement = { text: 'ROLLBACK TO SAVEPOINT attempt' };

/** `true`: local to the transaction. Session-level settings would leak over the pool. */
const CONTEXT: Statement = {
  name: 'write-context',
  text: `select set_config('role', $1, true),
  set_config('app.tenant_id', $2, true), set_config('app.actor_id', $3, true),
  set_config('transaction_read_only', $4, true)`,
};

function isSame(one: string[], other: string[] | null): boolean {
  return one.every((setting, at) => setting === other?.[at]);
}
