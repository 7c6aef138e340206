import { AsyncLocalStorage } from 'node:async_hooks';
import type pg from 'pg';
import type { DataSource, QueryRunner } from 'typeorm';
import type { RequestContext } from '../context/request-context.js';
import { forgetLocked } from './locked-rows.js';
import { poolOf, type Statement } from './read-path/pipelined-read.js';
import {
  TransactionConnection,
  type Answered,
  type Settings,
} from './write-path/transaction-connection.js';

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
  private managed?: QueryRunner;
  private readonly connection: TransactionConnection;
  /** Read only during read-only impersonation, whatever the use case tries. */
  private readonly isReadOnly: boolean;

  constructor(
    private readonly dataSource: DataSource,
    { tenantId, actorId, principal }: Readonly<RequestContext>,
  ) {
    this.tenantId = tenantId;
    this.actorId = actorId;
    this.isReadOnly = principal?.impersonator?.mayWrite === false;
    this.connection = new TransactionConnection(poolOf(dataSource), (error) => {
      this.failure ??= error;
    });
  }

  /** Runs `work` as `role` and commits; an error rolls back everything and is rethrown. */
  async run<T>(role: string, work: () => Promise<T>): Promise<T> {
    try {
      const result = await new RoleSection(this, role).run(work);
      if (this.failure) throw this.failure;
      await this.connection.commit();
      return result;
    } catch (error) {
      await this.connection.rollback();
      throw error;
    } finally {
      this.connection.release();
      await this.managed?.release();
    }
  }

  /**
   * For TypeORM's manager, made when it is asked for. It neither takes a connection of its own nor begins a
   * transaction: its statements go the way of all others.
   */
  get runner(): QueryRunner {
    const connect = () => Promise.resolve({ query: this.managersQuery });
    return (this.managed ??= Object.assign(this.dataSource.createQueryRunner(), {
      connect,
      isTransactionActive: true,
    }));
  }

  /** Keeps a statement for the next message. */
  post(statement: Statement, role: string, answered?: Answered): void {
    this.connection.post(statement, this.settings(role), answered);
  }

  /** Sends a statement, with everything posted before it. */
  send(statement: Statement, role: string): Promise<pg.QueryResult> {
    return this.connection.send(statement, this.settings(role));
  }

  /** Runs `work` in a savepoint: on failure only its changes are undone. */
  async attempt<T>(work: () => Promise<T>): Promise<T> {
    await this.connection.send(SAVEPOINT);
    const { failure, tenantId } = this;
    const callbacks = this.afterCommit.length;
    try {
      const result = await work();
      await this.connection.send(RELEASE);
      return result;
    } catch (error) {
      await this.connection.undo(ROLLBACK_TO, RELEASE);
      if (this.managed) forgetLocked(this.managed.manager);
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

  private settings(role: string): Settings {
    return [role, this.tenantId ?? '', this.actorId ?? '', this.isReadOnly ? 'on' : 'off'];
  }
}

/**
 * A part of a transaction that runs in one role. Use cases that join in another role, and savepoints, take turns:
 * statements of this section wait until they are done.
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

  /** Runs a statement, in another role where one is given; concurrent ones are pipelined. */
  query(statement: Statement, role = this.role): Promise<pg.QueryResult> {
    return this.inTurn(() => this.transaction.send(statement, role));
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

const SAVEPOINT: Statement = { text: 'SAVEPOINT attempt' };
const RELEASE: Statement = { text: 'RELEASE SAVEPOINT attempt' };
const ROLLBACK_TO: Statement = { text: 'ROLLBACK TO SAVEPOINT attempt' };
