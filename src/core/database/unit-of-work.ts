import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { currentContext } from '../context/request-context.js';
import { DATABASE_ROLES } from './privileged/database-roles.js';
import type { PrivilegedRole } from './privileged/privileged-role.js';
import { Prefetcher } from './read-path/prefetcher.js';
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
  private readonly prefetcher = new Prefetcher((context, statement) =>
    pipelinedRead(this.dataSource, context, statement),
  );

  constructor(private readonly dataSource: DataSource) {}

  /** Runs `work` as the ordinary role. An error rolls back everything and is thrown on. */
  run<T>(work: () => Promise<T>): Promise<T> {
    return this.as(DATABASE_ROLES.user, work);
  }

  /** Runs `work` as a privileged role (`privileged/*.role.ts`); inside an open unit of work it joins that. */
  runAs<T>(role: PrivilegedRole, work: () => Promise<T>): Promise<T> {
    return this.as(role.databaseRole, work);
  }

  /**
   * Runs `work` in a transaction of its own, even inside an open unit of work: what becomes of one is no
   * matter to the other. Not to be awaited there: each of them has a connection of the pool.
   */
  inNewTransaction<T>(role: PrivilegedRole, work: () => Promise<T>): Promise<T> {
    return outsideOfTransactions(() => this.runAs(role, work));
  }

  /**
   * One statement in one round trip, outside or inside a unit of work.
   * Give it a fixed name and explicit columns: it is prepared once per connection.
   */
  read<T>(statement: Statement, privileged?: PrivilegedRole): Promise<T[]> {
    const role = privileged?.databaseRole ?? DATABASE_ROLES.user;
    if (this.isOpen) return this.as(role, () => this.query<T>(statement.text, statement.values));
    const scope = currentContext();
    const context = { role, tenantId: scope.tenantId, actorId: scope.actorId };
    const ahead = privileged ? undefined : this.prefetcher.take(scope, context, statement);
    if (ahead) return ahead as Promise<T[]>;
    return pipelinedRead<T>(this.dataSource, context, statement);
  }

  /**
   * Likewise the statement that tells who a request is from: `visitor` is what they show, or its hash.
   * What they will want to read is asked along with it, see `Prefetcher`.
   */
  readVisitor<T>(visitor: string, statement: Statement, role: PrivilegedRole): Promise<T[]> {
    const rows = this.read<T>(statement, role);
    if (!this.isOpen) this.prefetcher.prefetch(currentContext(), visitor);
    return rows;
  }

  /** The organisation whose rows are seen here and now; null outside of any. */
  get tenantId(): string | null {
    return (currentSection()?.transaction ?? currentContext()).tenantId;
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
  async switchTenant(tenantId: string): Promise<void> {
    await this.current().switchTenant(tenantId);
  }

  /** Runs `work` in a savepoint: when it fails, only what it did is undone. */
  attempt<T>(work: () => Promise<T>): Promise<T> {
    return this.current().attempt(work);
  }

  /**
   * Calls `then` once the open unit of work is durable; not at all when it rolls back. Nobody waits for it but
   * a process that ends, and its failure, which is logged, undoes nothing.
   */
  afterCommit(then: AfterCommit): void {
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
    const scope = currentContext();
    this.prefetcher.forget(scope);
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
