import pg from 'pg';
import type { DataSource } from 'typeorm';
import { isConnectionLost } from '../database-errors.js';
import { borrow, giveBack, sendTogether } from './shared-connection.js';

/** A fixed statement. `name` makes it prepared; the text under one name never changes. */
export interface Statement {
  /** Left out by a statement of many shapes: it is planned for the very values it is asked with. */
  name?: string;
  text: string;
  values?: unknown[];
  /**
   * A page of a long list: an index has its order, and is to be walked until the page is full. The
   * planner, which counts a policy and the same condition of a query twice, would rather sort.
   */
  inIndexOrder?: boolean;
}

export interface ReadContext {
  role: string;
  tenantId: string | null;
  actorId: string | null;
}

/**
 * Sets role, organisation and actor, and forbids writing, until the transaction ends. Nothing is compiled
 * (JIT) for a page: a sort that was forbidden and is needed all the same counts as endlessly dear, and
 * compiling would take a hundred times longer than sorting. Only its effect matters: `ContextualRead`
 * drops its row.
 */
const CONTEXT = {
  name: 'read-context',
  text: `select set_config('role', $1, true), set_config('app.tenant_id', $2, true),
    set_config('app.actor_id', $3, true), set_config('enable_sort', $4, true),
    set_config('jit', 'off', true), set_config('transaction_read_only', 'on', true)`,
};

/**
 * The context and the statement in one message with one Sync: row-level security for one round trip.
 * What is between two Syncs is one transaction (PostgreSQL's implicit transaction block), so the
 * context ends with it, whether the statement succeeded or not.
 */
export async function pipelinedRead<T>(
  dataSource: DataSource,
  context: ReadContext,
  statement: Statement,
): Promise<T[]> {
  const loan = borrow(poolOf(dataSource));
  const client = await loan.client;
  try {
    sendTogether(client);
    if (!knowsContext(client)) await client.query({ ...CONTEXT, values: settings(context) });
    return await new Promise<T[]>((resolve, reject) => {
      client.query(
        new ContextualRead(statement, settings(context, statement), (error, result) => {
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
 * A query of pg that sends the context ahead of itself, and hears of its own rows only. What the rows of
 * a prepared statement look like is asked once per connection.
 */
class ContextualRead extends pg.Query {
  /** As in `Statement`: whoever explains the query needs to know. */
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
    // Without values or a name pg would send it by itself, and nothing would say whose rows it may see.
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

/** What is used of pg's own classes beyond their published types: `Query`, `Result` and `Connection` in its `lib/`. */
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

/** What one connection has told of its prepared statements; they stay so, or PostgreSQL refuses them (0A000). */
interface Described {
  shapes: Map<string, RowShape>;
  /** The same connection, but that it asks for no description. */
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

/** Prepared by itself once per connection: an error of the first real statement must not undo that. */
function knowsContext(client: pg.PoolClient): boolean {
  const { connection } = client as unknown as { connection: Wire };
  return connection.parsedStatements[CONTEXT.name] !== undefined;
}

function settings(
  { role, tenantId, actorId }: ReadContext,
  { inIndexOrder = false }: Partial<Statement> = {},
): string[] {
  return [role, tenantId ?? '', actorId ?? '', inIndexOrder ? 'off' : 'on'];
}

/** TypeORM's own pool: one pool per process, whatever reads or writes. */
export function poolOf(dataSource: DataSource): pg.Pool {
  return (dataSource.driver as unknown as { master: pg.Pool }).master;
}
