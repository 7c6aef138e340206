import { PGlite, type PGliteOptions } from '@electric-sql/pglite';
import { DurableFolder, durably } from './storage/durable-folder.js';
import { EngineCrashError } from './errors.js';
import { MemoryCopy } from './storage/memory-copy.js';

/** Parameters reported to clients at connection, read from the engine. */
const REPORTED = [
  'server_version',
  'server_encoding',
  'client_encoding',
  'DateStyle',
  'IntervalStyle',
  'TimeZone',
  'integer_datetimes',
  'standard_conforming_strings',
];

const START_PARAMETERS = [
  ...PGlite.defaultStartParams,
  ...['-c', 'TimeZone=UTC'],
  // WebAssembly uses JavaScript's stack, which is far smaller than PostgreSQL assumes: with the default of 2
  // MB a deep expression crashes the engine instead of raising an error.
  ...['-c', 'max_stack_depth=100kB'],
];

/** The files are in memory already: the usual 128 MB of buffers would only be cleared at every start. */
const IN_MEMORY = ['-c', 'shared_buffers=16MB'];

/** PGlite without its wrappers: bytes of the wire protocol in, bytes out. */
export class Engine {
  private crash: unknown;

  private constructor(
    private readonly pglite: PGlite,
    readonly parameters: ReadonlyMap<string, string>,
  ) {
    this.watch(internals(pglite));
  }

  /** Begins empty, or as a copy of a data folder that no engine has open. */
  static inMemory(dataDir?: string): Promise<Engine> {
    const startParams = [...START_PARAMETERS, ...IN_MEMORY];
    return Engine.start({ startParams, ...(dataDir && { fs: new MemoryCopy(dataDir) }) });
  }

  static inFolder(dataDir: string): Promise<Engine> {
    return Engine.start({ startParams: durably(START_PARAMETERS), fs: new DurableFolder(dataDir) });
  }

  private static async start(options: PGliteOptions): Promise<Engine> {
    const pglite = await PGlite.create(options);
    const { rows } = await pglite.query<{ name: string; setting: string }>(
      'select name, setting from pg_settings where name = any($1)',
      [REPORTED],
    );
    return new Engine(pglite, new Map(rows.map((row) => [row.name, row.setting])));
  }

  /**
   * Returns when the reply is complete and its writes are in the data folder. Throws EngineCrashError when
   * the engine is unusable.
   */
  async run(messages: Buffer): Promise<Buffer> {
    const output: Buffer[] = [];
    try {
      // The streaming variant: `execProtocolRaw` also parses every row and keeps the result for good.
      await this.pglite.execProtocolRawStream(messages, {
        onRawData: (bytes) => void output.push(Buffer.from(bytes)),
      });
    } catch (error) {
      throw new EngineCrashError(error);
    }
    return output.length === 1 && output[0] ? output[0] : Buffer.concat(output);
  }

  get hasCrashed(): boolean {
    return this.crash !== undefined;
  }

  /** For maintenance statements, while no connection holds the gate. */
  async query<T>(sql: string): Promise<T[]> {
    return (await this.pglite.query<T>(sql)).rows;
  }

  async stop(): Promise<void> {
    await this.pglite.close();
  }

  /**
   * After a crash: closes the files and writes nothing. PGlite's own exit would still write a
   * checkpoint of what may be damaged. (A timer of the engine then runs for up to 10 s more.)
   */
  abandon(): void {
    try {
      internals(this.pglite).FS.quit();
    } catch {
      // A crashed engine may fail here too; its descriptors then stay open until the process ends.
    }
  }

  /**
   * PGlite's message loop swallows every exception and then either answers nothing or spins for
   * ever. Only the one with status 100 is an ordinary SQL error (its `longjmp`); any other means
   * that the engine is broken, and is thrown from the loop's own error path.
   */
  private watch(loop: Internals): void {
    const once = loop._PostgresMainLoopOnce;
    const restore = loop.stackRestore;
    loop._PostgresMainLoopOnce = () => {
      try {
        once();
      } catch (error) {
        if ((error as { status?: number }).status !== SQL_ERROR) this.crash = error;
        throw error;
      }
    };
    loop.stackRestore = (pointer) => {
      if (this.crash !== undefined) throw this.crash;
      restore(pointer);
    };
  }
}

const SQL_ERROR = 100;

/** What is used of PGlite's Emscripten module, whose published types do not resolve. */
interface Internals {
  FS: { quit(): void };
  _PostgresMainLoopOnce(): void;
  stackRestore(pointer: number): void;
}

function internals(pglite: PGlite): Internals {
  return pglite.Module;
}
