import pg from 'pg';
import utils from 'pg/lib/utils.js';
import { isFrame } from '../read-path/observed-client.js';
import { sendTogether } from '../read-path/shared-connection.js';
import type { Statement } from '../read-path/pipelined-read.js';

/** A batch of one transaction, in the order in which its statements run. */
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
  /** The values of each as pg sends them. Made before anything is sent, since it may throw. */
  private readonly sent: ReadonlyArray<Array<string | Buffer | null>>;
  private connection?: Wire;

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
    this.sent = batch.map(({ values = [] }) => values.map((value) => utils.prepareValue(value)));
  }

  prepare(connection: Wire): void {
    this.connection = connection;
    this.batch.forEach(({ name, text }, at) => {
      if (!name) connection.parse({ name: '', text, types: [] });
      else if (connection.parsedStatements[name] !== text) prepareAgain(connection, name, text);
      connection.bind({ statement: name ?? '', values: this.sent[at]! });
      connection.describe({ type: 'P', name: '' });
      connection.execute({});
    });
    connection.sync();
  }

  private end(error: Error | undefined, results: pg.QueryResult | pg.QueryResult[]): void {
    if (!error) {
      for (const { name, text } of this.batch) {
        if (name) this.connection!.parsedStatements[name] = text;
      }
    }
    this.done(error, results);
  }
}

/** For logs and traces. */
function textOf(batch: Batch): string {
  const texts = batch.map(({ text }) => text);
  const own = texts.filter((text) => !isFrame(text));
  return (own.length > 0 ? own : texts).join(';\n');
}

/** After a failure it is not known which names of a batch were prepared. To close one that is not there is no error. */
function prepareAgain(connection: Wire, name: string, text: string): void {
  connection.close({ type: 'S', name });
  connection.parse({ name, text, types: [] });
}

/** Members of pg's `Connection` (in its `lib/`) that are not in its published types. */
interface Wire {
  parse(statement: { name: string; text: string; types: number[] }): void;
  bind(statement: { statement: string; values: Array<string | Buffer | null> }): void;
  describe(portal: { type: 'P'; name: string }): void;
  execute(portal: object): void;
  close(statement: { type: 'S'; name: string }): void;
  sync(): void;
  /** The prepared statements of the connection, by name. */
  parsedStatements: Record<string, string>;
}
