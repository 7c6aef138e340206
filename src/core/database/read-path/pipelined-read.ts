import pg from 'pg';
import type { DataSource } from 'typeorm';
import { isConnectionLost } from '../database-errors.js';
import { limitsOf } from '../time-limits.js';
import { borrow, giveBack, sendTogether } from './shared-connection.js';

/** A fixed statement. `name` makes it prepared; the text under one name never changes. */
export interface Statement {
  /** Absent for statements with many variants: planned for the given values. */
  name?: string;
  text: string;
  values?: unknown[];
  /**
   * For pages of long lists: forbids sorting, so that the planner walks the index in order. It counts a
   * policy and the same condition of a query twice and would sort otherwise.
   */
  inIndexOrder?: boolean;
}

export interface StatementContext {
  role: string;
  tenantId: string | null;
  actorId: string | null;
  /** Whether the statement may change rows; default: no. */
  mayWrite?: boolean;
}

/**
 * Sets role, organisation and actor, and whether rows may be changed, until the transaction ends. JIT is off: a forbidden
 * sort that is needed all the same has a huge cost estimate, and compiling would take a hundred times longer
 * than sorting. `ContextualStatement` drops its result row.
 */
const CONTEXT = {
  name: 'read-context',
  text: `select set_config('role', $1, true), set_config('app.tenant_id', $2, true),
    set_config('app.actor_id', $3, true), set_config('enable_sort', $4, true),
    set_config('jit', 'off', true), set_config('transaction_read_only', $5, true)`,
};

/**
 * Sends context and statement in one message with one Sync: row-level security in one round trip. Messages
 * between two Syncs form one implicit transaction, so the context ends with it in any case, and what a statement
 * has changed is committed with it: once this resolves.
 */
export async function pipelined<T>(
  dataSource: DataSource,
  context: StatementContext,
  statement: Statement,
): Promise<T[]> {
  const pool = poolOf(dataSource);
  const loan = borrow(pool);
  const client = await loan.client;
  try {
    sendTogether(client);
    if (!knowsContext(client)) {
      // Where this fails the statement does, too.
      const text = CONTEXT.text + limitsOf(pool);
      client.query({ ...CONTEXT, text, values: settings(context) }).catch(() => undefined);
    }
    return await new Promise<T[]>((resolve, reject) => {
      client.query(
        new ContextualStatement(statement, settings(context, statement), (error, result) => {
          if (error) reject(error);
          else resolve(result.rows as T[]);
        }),
      );
    });
  } catch (error) {
    if (isConnectionLost(error)) loan.broken = error as Error;
    throw error;
  } finally {
    giveBack(loan, client);
  }
}

type Done = (error: Error | undefined, result: { rows: unknown[] }) => void;

/**
 * A pg query that sends the context before itself and receives only its own rows. The result columns of a
 * prepared statement are described once per connection.
 */
class ContextualStatement extends pg.Query {
  /** As in `Statement`; EXPLAIN in tests needs it. */
  readonly inIndexOrder: boolean;
  declare readonly name?: string;
  declare private readonly _result: RowShape;
  private contextIsSet = false;
  private described?: Described;

  constructor(
    { name, text, values = [], inIndexOrder = false }: Statement,
    private readonly context: string[],
    done: Done,
  ) {
    // Without values or a name pg would use the simple protocol, without the context.
    const config: pg.QueryConfig & { queryMode: string } = {
      ...(name ? { name } : {}),
      text,
      values,
      queryMode: 'extended',
    };
    super(config, done);
    this.inIndexOrder = inIndexOrder;
  }

  prepare(connection: Wire): void {
    connection.bind({ statement: CONTEXT.name, values: this.context });
    connection.execute({});
    this.described = describedOn(connection);
    const shape = this.name && this.described.shapes.get(this.name);
    if (!shape) return prototype.prepare.call(this, connection);
    prototype.handleRowDescription.call(this, NO_ROW);
    Object.assign(this._result, shape);
    prototype.prepare.call(this, this.described.silently);
  }

  handleRowDescription(message: unknown): void {
    prototype.handleRowDescription.call(this, message);
    const { fields, _parsers, _prebuiltEmptyResultObject } = this._result;
    const shape = { fields, _parsers, _prebuiltEmptyResultObject };
    if (this.name) this.described?.shapes.set(this.name, shape);
  }

  handleDataRow(message: unknown): void {
    if (this.contextIsSet) prototype.handleDataRow.call(this, message);
  }

  handleCommandComplete(message: unknown, connection: Wire): void {
    if (this.contextIsSet) prototype.handleCommandComplete.call(this, message, connection);
    this.contextIsSet = true;
  }
}

/** Members of pg's `Query`, `Result` and `Connection` (in its `lib/`) that are not in its published types. */
interface Wire {
  bind(statement: { statement: string; values: string[] }): void;
  execute(portal: object): void;
  describe(portal: object): void;
  parsedStatements: Record<string, string>;
}

interface RowShape {
  fields: unknown[];
  _parsers: unknown;
  _prebuiltEmptyResultObject: unknown;
}

const prototype = pg.Query.prototype as unknown as {
  prepare(connection: Wire): void;
  handleRowDescription(message: unknown): void;
  handleDataRow(message: unknown): void;
  handleCommandComplete(message: unknown, connection: Wire): void;
};

const NO_ROW = { fields: [] };

/**
 * Row descriptions of a connection's prepared statements; PostgreSQL refuses a statement whose result type
 * changed (0A000).
 */
interface Described {
  shapes: Map<string, RowShape>;
  /** The connection without Describe messages. */
  silently: Wire;
}

const described = new WeakMap<Wire, Described>();

function describedOn(connection: Wire): Described {
  let known = described.get(connection);
  if (!known) {
    const silently = Object.create(connection, { describe: { value: () => {} } }) as Wire;
    described.set(connection, (known = { shapes: new Map(), silently }));
  }
  return known;
}

/**
 * Prepares the context statement once per connection, on its own, so that a failing first statement does not
 * undo it.
 */
function knowsContext(client: pg.PoolClient): boolean {
  const { connection } = client as unknown as { connection: Wire };
  return connection.parsedStatements[CONTEXT.name] !== undefined;
}

function settings(
  { role, tenantId, actorId, mayWrite = false }: StatementContext,
  { inIndexOrder = false }: Partial<Statement> = {},
): string[] {
  const sort = inIndexOrder ? 'off' : 'on';
  return [role, tenantId ?? '', actorId ?? '', sort, mayWrite ? 'off' : 'on'];
}

/** TypeORM's pool; the only one of the process. */
export function poolOf(dataSource: DataSource): pg.Pool {
  return (dataSource.driver as unknown as { master: pg.Pool }).master;
}
