import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable } from '@nestjs/common';
import {
  DataSource,
  QueryRunnerAlreadyReleasedError,
  type EntityManager,
  type QueryRunner,
} from 'typeorm';
import { currentScope } from '../context/request-context.js';
import { DOORS, ROLES, type Door } from './doors.js';
import { Foresight } from './foresight.js';
import { pipelinedRead, type Statement } from './pipelined-read.js';

interface OpenWork {
  runner: QueryRunner;
  role: string;
  tenantId: string | null;
  actorId: string | null;
  /** Staff who only look at somebody's account change nothing, whatever the use case tries. */
  isReadOnly: boolean;
  /** The first failure of a statement or a nested use case: what it left must not be committed. */
  doomedBy?: unknown;
  whenCommitted: Array<() => void>;
  /** Nothing belongs to it any more. */
  isOver: boolean;
}

const open = new AsyncLocalStorage<OpenWork>();

/**
 * One use case, one transaction. The public method of a service opens it; what it calls joins.
 * The first statement sets role, organisation and actor for this transaction only, so row-level
 * security and audit stamps follow the scope, and nothing leaks over the pool.
 */
@Injectable()
export class UnitOfWork {
  private readonly foresight = new Foresight((context, statement) =>
    pipelinedRead(this.dataSource, context, statement),
  );

  constructor(private readonly dataSource: DataSource) {}

  /** Runs `work` as the ordinary role. An error rolls back everything and is thrown on. */
  run<T>(work: () => Promise<T>): Promise<T> {
    return this.as(ROLES.user, work);
  }

  /** Runs `work` through a named door (see `doors.ts`); inside an open unit of work it joins that. */
  through<T>(door: Door, work: () => Promise<T>): Promise<T> {
    return this.as(DOORS[door].role, work);
  }

  /**
   * One statement in one round trip, outside or inside a unit of work.
   * Give it a fixed name and explicit columns: it is prepared once per connection.
   */
  read<T>(statement: Statement, door?: Door): Promise<T[]> {
    const role = door ? DOORS[door].role : ROLES.user;
    if (open.getStore())
      return this.as(role, () => this.query<T>(statement.text, statement.values));
    const scope = currentScope();
    const context = { role, tenantId: scope.tenantId, actorId: scope.actorId };
    const ahead = door ? undefined : this.foresight.recall(scope, context, statement);
    if (ahead) return ahead as Promise<T[]>;
    return pipelinedRead<T>(this.dataSource, context, statement);
  }

  /**
   * Likewise the statement that tells who a request is from: `visitor` is what they show, or its hash.
   * What they will want to read is asked along with it, see `Foresight`.
   */
  readVisitor<T>(visitor: string, statement: Statement, door: Door): Promise<T[]> {
    const rows = this.read<T>(statement, door);
    if (!this.isOpen) this.foresight.lookAhead(currentScope(), visitor);
    return rows;
  }

  /** The organisation whose rows are seen here and now; null outside of any. */
  get tenantId(): string | null {
    return (open.getStore() ?? currentScope()).tenantId;
  }

  /** Whether what is done here and now is part of a unit of work. */
  get isOpen(): boolean {
    return open.getStore() !== undefined;
  }

  /** TypeORM's manager of the open unit of work. Only repositories ask for it. */
  get manager(): EntityManager {
    return this.current().runner.manager;
  }

  /** Plain SQL in the open unit of work. Only repositories ask for it. */
  async query<T>(text: string, values: unknown[] = []): Promise<T[]> {
    const result = await this.current().runner.query(text, values, true);
    return result.records as T[];
  }

  /** Number of rows a plain statement changed. */
  async execute(text: string, values: unknown[] = []): Promise<number> {
    const result = await this.current().runner.query(text, values, true);
    return result.affected ?? 0;
  }

  /** The rest of this unit of work belongs to `tenantId`: used when an organisation is created or joined. */
  async enterTenant(tenantId: string): Promise<void> {
    const work = this.current();
    work.tenantId = tenantId;
    await setContext(work);
  }

  /** Runs `work` in a savepoint: when it fails, only what it did is undone. */
  async attempt<T>(work: () => Promise<T>): Promise<T> {
    const opened = this.current();
    const { runner, doomedBy } = opened;
    await runner.startTransaction();
    try {
      const result = await work();
      await runner.commitTransaction();
      return result;
    } catch (error) {
      await runner.rollbackTransaction();
      opened.doomedBy = doomedBy;
      throw error;
    }
  }

  /** Calls `then` once the open unit of work is durable; not at all when it rolls back. */
  whenCommitted(then: () => void): void {
    this.current().whenCommitted.push(then);
  }

  private as<T>(role: string, work: () => Promise<T>): Promise<T> {
    const joined = open.getStore();
    return joined ? join(joined, role, work) : this.begin(role, work);
  }

  private async begin<T>(role: string, work: () => Promise<T>): Promise<T> {
    const scope = currentScope();
    this.foresight.forget(scope);
    const { tenantId, actorId, principal } = scope;
    const isReadOnly = principal?.actedBy?.mayWrite === false;
    const runner = this.dataSource.createQueryRunner();
    const opened: OpenWork = {
      runner,
      role,
      tenantId,
      actorId,
      isReadOnly,
      whenCommitted: [],
      isOver: false,
    };
    doomOnError(opened);
    try {
      await runner.startTransaction();
      const result = await open.run(opened, async () => {
        await setContext(opened);
        return work();
      });
      if (opened.doomedBy) throw opened.doomedBy;
      await runner.commitTransaction();
      opened.whenCommitted.forEach((then) => then());
      return result;
    } catch (error) {
      if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
      throw error;
    } finally {
      opened.isOver = true;
      await runner.release();
    }
  }

  private current(): OpenWork {
    const work = open.getStore();
    if (!work) throw new Error('No unit of work is open: open one in the service');
    return work;
  }
}

/**
 * A statement that failed has spoilt the transaction, and its COMMIT would be a silent ROLLBACK: whoever
 * looked away from the error must not be told that all went well.
 */
function doomOnError(work: OpenWork): void {
  const { runner } = work;
  const query = runner.query.bind(runner) as (...args: unknown[]) => Promise<unknown>;
  runner.query = (async (...args: unknown[]) => {
    try {
      return await query(...args);
    } catch (thrown) {
      const error = work.isOver ? thrown : ofTheConnection(thrown);
      work.doomedBy ??= error;
      throw error;
    }
  }) as QueryRunner['query'];
}

/** TypeORM releases the runner of a connection that is lost between two statements, and says that only. */
function ofTheConnection(error: unknown): unknown {
  if (!(error instanceof QueryRunnerAlreadyReleasedError)) return error;
  const lost = new Error('The connection to the database was lost', { cause: error });
  return Object.assign(lost, { code: 'ECONNRESET' });
}

/** A joined use case works in its own role and hands the caller's back. */
async function join<T>(work: OpenWork, role: string, inner: () => Promise<T>): Promise<T> {
  const callers = work.role;
  try {
    if (role !== callers) {
      work.role = role;
      await setContext(work);
    }
    const result = await inner();
    if (role !== callers) {
      work.role = callers;
      await setContext(work);
    }
    return result;
  } catch (error) {
    work.doomedBy ??= error;
    if (role !== callers) {
      work.role = callers;
      // Fails when the error was the database's own: the transaction is doomed then anyway.
      await setContext(work).catch(() => undefined);
    }
    throw error;
  }
}

/** `true`: local to the transaction. Session-level settings would leak over the pool. */
const SET_CONTEXT = `select set_config('role', $1, true),
  set_config('app.tenant_id', $2, true), set_config('app.actor_id', $3, true),
  set_config('transaction_read_only', $4, true)`;

async function setContext({ runner, role, tenantId, actorId, isReadOnly }: OpenWork) {
  const settings = [role, tenantId ?? '', actorId ?? '', isReadOnly ? 'on' : 'off'];
  await runner.query(SET_CONTEXT, settings);
}
