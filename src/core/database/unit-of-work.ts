import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { currentScope } from '../context/request-context.js';
import { DOORS, ROLES, type Door } from './privileged/doors.js';
import { Foresight } from './read-path/foresight.js';
import { pipelinedRead, type Statement } from './read-path/pipelined-read.js';
import {
  currentSection,
  outsideOfTransactions,
  Transaction,
  type AfterCommit,
  type RoleSection,
} from './transaction.js';

/**
 * One use case, one transaction. The public method of a service opens it; what it calls joins.
 * The first statement sets role, organisation and actor for this transaction only, so row-level
 * security and audit stamps follow the scope, and nothing leaks over the pool.
 */
@Injectable()
export class UnitOfWork implements OnApplicationShutdown {
  private readonly log = new Logger('UnitOfWork');
  private readonly following = new Set<Promise<void>>();
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
   * Runs `work` in a transaction of its own, even inside an open unit of work: what becomes of one is no
   * matter to the other. Not to be awaited there: each of them has a connection of the pool.
   */
  inNewTransaction<T>(door: Door, work: () => Promise<T>): Promise<T> {
    return outsideOfTransactions(() => this.through(door, work));
  }

  /**
   * One statement in one round trip, outside or inside a unit of work.
   * Give it a fixed name and explicit columns: it is prepared once per connection.
   */
  read<T>(statement: Statement, door?: Door): Promise<T[]> {
    const role = door ? DOORS[door].role : ROLES.user;
    if (this.isOpen) return this.as(role, () => this.query<T>(statement.text, statement.values));
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
    return (currentSection()?.transaction ?? currentScope()).tenantId;
  }

  /** Whether what is done here and now is part of a unit of work. */
  get isOpen(): boolean {
    return currentSection() !== undefined;
  }

  /** TypeORM's manager of the open unit of work. Only repositories ask for it. */
  get manager(): EntityManager {
    return this.current().transaction.runner.manager;
  }

  /** Plain SQL in the open unit of work. Only repositories ask for it. */
  async query<T>(text: string, values: unknown[] = []): Promise<T[]> {
    const result = await this.current().transaction.runner.query(text, values, true);
    return result.records as T[];
  }

  /** Number of rows a plain statement changed. */
  async execute(text: string, values: unknown[] = []): Promise<number> {
    const result = await this.current().transaction.runner.query(text, values, true);
    return result.affected ?? 0;
  }

  /** The rest of this unit of work belongs to `tenantId`: used when an organisation is created or joined. */
  async enterTenant(tenantId: string): Promise<void> {
    await this.current().enterTenant(tenantId);
  }

  /** Runs `work` in a savepoint: when it fails, only what it did is undone. */
  attempt<T>(work: () => Promise<T>): Promise<T> {
    return this.current().attempt(work);
  }

  /**
   * Calls `then` once the open unit of work is durable; not at all when it rolls back. Nobody waits for it but
   * a process that ends, and its failure, which is logged, undoes nothing.
   */
  whenCommitted(then: AfterCommit): void {
    this.current().transaction.afterCommit.push(then);
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.following);
  }

  private as<T>(role: string, work: () => Promise<T>): Promise<T> {
    const section = currentSection();
    return section ? section.join(role, work) : this.begin(role, work);
  }

  private async begin<T>(role: string, work: () => Promise<T>): Promise<T> {
    const scope = currentScope();
    this.foresight.forget(scope);
    const transaction = new Transaction(this.dataSource.createQueryRunner(), scope);
    const result = await transaction.run(role, work);
    transaction.afterCommit.forEach((then) => this.follow(then));
    return result;
  }

  private follow(then: AfterCommit): void {
    const followed = this.call(then).finally(() => this.following.delete(followed));
    this.following.add(followed);
  }

  private async call(then: AfterCommit): Promise<void> {
    try {
      await then();
    } catch (error) {
      this.log.error('What follows a commit has failed', (error as Error).stack);
    }
  }

  private current(): RoleSection {
    const section = currentSection();
    if (!section) throw new Error('No unit of work is open: open one in the service');
    return section;
  }
}
