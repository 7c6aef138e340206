import pg from 'pg';
import { isFrame } from '../read-path/observed-client.js';
import { sendTogether } from '../read-path/shared-connection.js';
import type { Statement } from '../read-path/pipelined-read.js';

/** A batch of one transaction, in the order in which its statements run; values as pg sends them. */
export type Batch = readonly Statement[];

/**
 * Sends all statements in one message with one Sync: one round trip. The first failure makes PostgreSQL skip those
 * behind it, a COMMIT too, so that what comes later never runs without what comes before.
 * @returns the result of each. @throws the error of the statement that failed
 */
export function sendBatch(client: pg.PoolClient, batch: Batch): Promise<pg.QueryResult[]> {
  return new Promise((resolve, reject) => {
    const query = new BatchQuery(batch, (error, results) => {
      if (error) reject(error);
      else resolve([results].flat());
    });
    sendTogether(client);
    client.query(query);
  });
}

type Done = (error: Error | undefined, results: pg.QueryResult | pg.QueryResult[]) => void;

/** A pg query of several statements: pg itself keeps the results of a message apart. */
class BatchQuery extends pg.Query {
  private connection?: Wire;
  /** Names that are prepared by this message. */
  private readonly prepared = new Map<string, string>();

  constructor(
    private readonly batch: Batch,
    private readonly done: Done,
  ) {
    // Without `extended` pg would send the text as it is.
    const config: pg.QueryConfig & { queryMode: string } = {
      text: textOf(batch),
      queryMode: 'extended',
    };
    super(config, (error: Error | undefined, results: pg.QueryResult) => this.end(error, results));
  }

  prepare(connection: Wire): void {
    this.connection = connection;
    closeDoubtful(connection);
    this.batch.forEach(({ name, text, values = [] }, at) => {
      // PostgreSQL answers each when it is done, not all at the end: what watches the socket sees that it works.
      if (at > 0) connection.flush();
      if (!name) connection.parse({ name: '', text, types: [] });
      else this.prepareNamed(connection, name, text);
      connection.bind({ statement: name ?? '', values: values as SentValue[] });
      connection.describe({ type: 'P', name: '' });
      connection.execute({});
    });
    connection.sync();
  }

  private prepareNamed(connection: Wire, name: string, text: string): void {
    const known = this.prepared.get(name) ?? connection.parsedStatements[name];
    if (known === text) return;
    if (known !== undefined) connection.close({ type: 'S', name });
    connection.parse({ name, text, types: [] });
    this.prepared.set(name, text);
  }

  private end(error: Error | undefined, results: pg.QueryResult | pg.QueryResult[]): void {
    // A message that a lost connection never took prepared nothing.
    if (this.connection) this.remember(this.connection, error);
    this.done(error, results);
  }

  private remember(connection: Wire, error: Error | undefined): void {
    const { parsedStatements } = connection;
    for (const [name, text] of this.prepared) {
      if (!error) parsedStatements[name] = text;
      else {
        delete parsedStatements[name];
        doubtfulOn(connection).add(name);
      }
    }
  }
}

/**
 * Names that a message which failed may have prepared or not: preparing is not undone with the transaction, and pg does
 * not know of it. They are closed by the next message, which a failed unit of work always sends (ROLLBACK), before
 * anybody else prepares one; to close a name that is not there is no error.
 */
const doubtful = new WeakMap<Wire, Set<string>>();

function doubtfulOn(connection: Wire): Set<string> {
  let names = doubtful.get(connection);
  if (!names) doubtful.set(connection, (names = new Set()));
  return names;
}

function closeDoubtful(connection: Wire): void {
  const names = doubtful.get(connection);
  if (!names) return;
  for (const name of names) connection.close({ type: 'S', name });
  names.clear();
}

/** For logs and traces. */
function textOf(batch: Batch): string {
  const texts = batch.map(({ text }) => text);
  const own = texts.filter((text) => !isFrame(text));
  return (own.length > 0 ? own : texts).join(';\n');
}

/** A value as pg sends it. */
export type SentValue = string | Buffer | null;

/** Members of pg's `Connection` (in its `lib/`) that are not in its published types. */
interface Wire {
  parse(statement: { name: string; text: string; types: number[] }): void;
  bind(statement: { statement: string; values: SentValue[] }): void;
  describe(portal: { type: 'P'; name: string }): void;
  execute(portal: object): void;
  close(statement: { type: 'S'; name: string }): void;
  flush(): void;
  sync(): void;
  /** The prepared statements of the connection, by name. */
  parsedStatements: Record<string, string>;
}
