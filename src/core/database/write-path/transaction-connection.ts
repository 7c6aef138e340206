import type pg from 'pg';
import utils from 'pg/lib/utils.js';
import { isConnectionLost } from '../database-errors.js';
import type { Statement } from '../read-path/pipelined-read.js';
import { limitsOf } from '../time-limits.js';
import { repeated } from './repeated-statements.js';
import { sendBatch, type Batch } from './statement-batch.js';

/** Role, organisation, actor, and whether the transaction is read only (`on`, `off`). */
export type Settings = readonly [role: string, tenantId: string, actorId: string, readOnly: string];

/** What becomes known of a posted statement once it was answered: the number of changed rows. */
export type Answered = (changed: number) => void;

/** A statement to be sent, and who is told of its outcome. */
interface Step {
  /** What it runs in; null: of the transaction itself, in any. */
  settings: Settings | null;
  statement: Statement;
  resolve: (result: pg.QueryResult) => void;
  reject: (error: unknown) => void;
}

/**
 * The connection of one transaction, from its first statement on. It sends a message at a time: BEGIN travels with
 * the first statement, settings with the first statement that runs in them, and posted statements with the next one
 * or with COMMIT.
 */
export class TransactionConnection {
  private client?: pg.PoolClient;
  /** The error after which the connection must be discarded. */
  private broken?: Error;
  /** Resolves when the message with BEGIN was answered. Nothing follows it before: it might be committed alone. */
  private opening?: Promise<void>;
  /** Whether BEGIN succeeded, and what was sent with it. */
  private isOpen = false;
  private failure: unknown;
  /** Not sent yet. */
  private steps: Step[] = [];
  /** Those of the last statement that was sent; null where that is not known. */
  private settings: Settings | null = null;

  /** `failed` is told every error: after it, COMMIT would be a silent ROLLBACK, also where the code ignored it. */
  constructor(
    private readonly pool: pg.Pool,
    private readonly failed: (error: unknown) => void,
  ) {}

  /** Keeps a statement for the next message. @throws where a value cannot be sent */
  post(statement: Statement, settings: Settings, answered?: Answered): void {
    const resolve = ({ rowCount }: pg.QueryResult) => answered?.(rowCount ?? 0);
    this.add({ statement, settings, resolve, reject: () => undefined });
  }

  /** Sends a statement, with everything posted before it. Concurrent ones are pipelined. */
  send(statement: Statement, settings: Settings | null = null): Promise<pg.QueryResult> {
    const answer = new Promise<pg.QueryResult>((resolve, reject) => {
      this.add({ statement, settings, resolve, reject });
    });
    if (this.isOpen) void this.flush();
    else if (this.opening) void this.opening.then(() => this.flush());
    else this.opening = this.open();
    return answer;
  }

  /** Returns to a savepoint and removes it; what was not sent yet never is. */
  async undo(rollbackTo: Statement, release: Statement): Promise<void> {
    this.steps = [];
    this.add({ statement: rollbackTo, settings: null, resolve: ignore, reject: ignore });
    await this.send(release);
    // Settings return to those of before the savepoint.
    this.settings = null;
  }

  /** Nothing is sent where nothing was asked. */
  async commit(): Promise<void> {
    if (!this.opening && this.steps.length === 0) return;
    const { command } = await this.send(COMMIT);
    // PostgreSQL answers COMMIT of a failed transaction with ROLLBACK, not with an error.
    if (command !== 'COMMIT') throw this.failure ?? new Error('The transaction was rolled back');
  }

  /**
   * Also where COMMIT failed, and where BEGIN was never answered: a connection goes back to the pool without a
   * transaction, or not at all.
   */
  async rollback(): Promise<void> {
    this.steps = [];
    if (!this.client) return;
    await sendBatch(this.client, [ROLLBACK]).catch((error: Error) => (this.broken = error));
  }

  release(): void {
    this.client?.release(this.broken);
  }

  /** What is asked while a connection is waited for goes in the same message. */
  private async open(): Promise<void> {
    try {
      this.client = await this.pool.connect();
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
    const places = steps.map(({ settings, statement }) => {
      if (settings && !isSame(settings, this.settings)) {
        const text = CONTEXT.text + limitsOf(this.pool);
        batch.push({ ...CONTEXT, text, values: [...settings] });
        this.settings = settings;
      }
      return batch.push(statement) - 1;
    });
    try {
      const results = await sendBatch(this.client!, batch);
      this.isOpen = true;
      steps.forEach(({ resolve }, at) => resolve(results[places[at]!]!));
    } catch (error) {
      // What was behind the failure was skipped, settings too.
      this.settings = null;
      if (isConnectionLost(error)) this.broken = error as Error;
      this.fail(steps, error);
    }
  }

  /** Takes the values as they are now, while whoever gives them can still be told. */
  private add(step: Step): void {
    try {
      const values = (step.statement.values ?? []).map((value) => utils.prepareValue(value));
      const statement = step.settings ? repeated(this.pool, step.statement) : step.statement;
      this.steps.push({ ...step, statement: { ...statement, values } });
    } catch (error) {
      this.fail([], error);
      throw error;
    }
  }

  private fail(steps: Step[], error: unknown): void {
    this.failure ??= error;
    this.failed(error);
    steps.forEach(({ reject }) => reject(error));
  }
}

const ignore = () => undefined;

const BEGIN: Statement = { name: 'begin', text: 'BEGIN' };
const COMMIT: Statement = { name: 'commit', text: 'COMMIT' };
const ROLLBACK: Statement = { text: 'ROLLBACK' };

/** `true`: local to the transaction. Session-level settings would leak over the pool. */
const CONTEXT: Statement = {
  name: 'write-context',
  text: `select set_config('role', $1, true),
  set_config('app.tenant_id', $2, true), set_config('app.actor_id', $3, true),
  set_config('transaction_read_only', $4, true)`,
};

function isSame(one: Settings, other: Settings | null): boolean {
  return one.every((setting, at) => setting === other?.[at]);
}
