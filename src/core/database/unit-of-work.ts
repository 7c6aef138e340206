import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { currentContext } from '../context/request-context.js';
import { DATABASE_ROLES } from './privileged/database-roles.js';
import type { PrivilegedRole } from './privileged/privileged-role.js';
import { pipelined, type Statement } from './read-path/pipelined-read.js';
import {
  currentSection,
  outsideOfTransactions,
  Transaction,
  type AfterCommit,
  type RoleSection,
} from './transaction.js';
import type { Answered } from './write-path/transaction-connection.js';

/**
 * One use case, one transaction. The public method of a service opens it; nested calls join. Role, organisation and
 * actor, on which row-level security and audit columns rely, are set for this transaction in the message of the
 * first statement.
 */
@Injectable()
export class UnitOfWork implements OnApplicationShutdown {
  private readonly log = new Logger('UnitOfWork');
  private readonly following = new Set<Promise<void>>();

  constructor(private readonly dataSource: DataSource) {}

  /** Runs `work` as the ordinary role (`app_user`). An error rolls back everything and is rethrown. */
  run<T>(work: () => Promise<T>): Promise<T> {
    return this.as(DATABASE_ROLES.user, work);
  }

  /** Runs `work` as a privileged role (`privileged/*.role.ts`); inside an open unit of work it joins that. */
  runAs<T>(role: PrivilegedRole, work: () => Promise<T>): Promise<T> {
    return this.as(role.databaseRole, work);
  }

  /**
   * Runs `work` in a separate transaction, even inside an open unit of work: the outcomes are independent.
   * Must not be awaited there, since each takes a connection of the pool.
   */
  inNewTransaction<T>(role: PrivilegedRole, work: () => Promise<T>): Promise<T> {
    return outsideOfTransactions(() => this.runAs(role, work));
  }

  /**
   * Runs one statement in one round trip, outside or inside a unit of work. A fixed name makes it prepared
   * once per connection; name its columns explicitly.
   */
  read<T>(statement: Statement, privileged?: PrivilegedRole): Promise<T[]> {
    const role = privileged?.databaseRole ?? DATABASE_ROLES.user;
    if (this.isOpen) return this.rows<T>(statement, role);
    const { tenantId, actorId } = currentContext();
    return pipelined<T>(this.dataSource, { role, tenantId, actorId }, statement);
  }

  /**
   * Runs one statement that changes rows as a unit of work of its own, in one round trip: it is committed once
   * this resolves. Inside a unit of work it is part of that. A fixed name makes it prepared once per connection.
   */
  write<T>(statement: Statement, { databaseRole: role }: PrivilegedRole): Promise<T[]> {
    if (this.isOpen) return this.rows<T>(statement, role);
    const { tenantId, actorId, principal } = currentContext();
    const mayWrite = principal?.impersonator?.mayWrite !== false;
    return pipelined<T>(this.dataSource, { role, tenantId, actorId, mayWrite }, statement);
  }

  /** The organisation whose rows are visible; null without one. */
  get tenantId(): string | null {
    return (currentSection()?.transaction ?? currentContext()).tenantId;
  }

  /** Whether a unit of work is open. */
  get isOpen(): boolean {
    return currentSection() !== undefined;
  }

  /** TypeORM's manager of the open unit of work; for repositories only. */
  get manager(): EntityManager {
    return this.current().transaction.runner.manager;
  }

  /** Runs plain SQL in the open unit of work; for repositories only. */
  query<T>(text: string, values: unknown[] = []): Promise<T[]> {
    return this.rows<T>({ text, values });
  }

  /** Runs plain SQL and returns the number of changed rows. */
  async execute(text: string, values: unknown[] = []): Promise<number> {
    const { rowCount } = await this.current().query({ text, values });
    return rowCount ?? 0;
  }

  /**
   * Adds a statement whose outcome the use case need not know: it is sent with the next one, or with COMMIT, so
   * that it takes no round trip of its own. Statements run in the order of the calls. One that fails fails the
   * unit of work, at the next statement or at its end: an error that somebody is to be told of is for `execute`.
   * `role` (default: that of the use case) costs no round trip either; `answered` is told the number of changed rows.
   */
  async post(statement: Statement, role?: PrivilegedRole, answered?: Answered): Promise<void> {
    const section = this.current();
    await section.post(statement, role?.databaseRole ?? section.role, answered);
  }

  /** Of transactions that lock the same name, one runs the statements after this at a time, and to its end. */
  lock(name: string): Promise<void> {
    return this.post({ text: 'SELECT pg_advisory_xact_lock(hashtext($1))', values: [name] });
  }

  /** Switches the rest of this unit of work to the organisation `tenantId`, when one is created or joined. */
  async switchTenant(tenantId: string): Promise<void> {
    await this.current().switchTenant(tenantId);
  }

  /** Runs `work` in a savepoint: on failure only its changes are undone. */
  attempt<T>(work: () => Promise<T>): Promise<T> {
    return this.current().attempt(work);
  }

  /**
   * Calls `then` after the open unit of work was committed; not at all when it is rolled back. It is not
   * awaited, except at shutdown; its failure is logged and undoes nothing.
   */
  afterCommit(then: AfterCommit): void {
    this.current().transaction.afterCommit.push(then);
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.following);
  }

  private async rows<T>(statement: Statement, role?: string): Promise<T[]> {
    const { rows } = await this.current().query(statement, role);
    return rows as T[];
  }

  private as<T>(role: string, work: () => Promise<T>): Promise<T> {
    const section = currentSection();
    return section ? section.join(role, work) : this.begin(role, work);
  }

  private async begin<T>(role: string, work: () => Promise<T>): Promise<T> {
    const transaction = new Transaction(this.dataSource, currentContext());
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
