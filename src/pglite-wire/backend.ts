import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Engine } from './engine.js';
import { EngineCrashError } from './errors.js';

/** The engine of one data folder; restarts after a crash as a PostgreSQL server does. */
export class Backend {
  private closed = false;
  /** The error that stopped the engine for good. */
  private failure: Error | undefined;

  private constructor(
    private engine: Engine,
    private readonly dataDir: string | undefined,
    private readonly onCrash: (error: Error) => void,
  ) {}

  static async open(
    folder: string | undefined,
    copyOf: string | undefined,
    onCrash: (error: Error) => void,
  ): Promise<Backend> {
    if (folder === undefined) {
      return new Backend(await Engine.inMemory(copyOf && dataOf(copyOf)), undefined, onCrash);
    }
    const dataDir = dataOf(folder);
    // An initialisation that was killed half-way must not count as a database at the next start.
    const unfinished = join(folder, 'pgdata.unfinished');
    if (existsSync(unfinished)) await rm(dataDir, { recursive: true, force: true });
    if (!existsSync(join(dataDir, 'PG_VERSION'))) await writeFile(unfinished, '');
    const engine = await Engine.inFolder(dataDir);
    await rm(unfinished, { force: true });
    return new Backend(engine, dataDir, onCrash);
  }

  get parameters(): ReadonlyMap<string, string> {
    return this.engine.parameters;
  }

  /**
   * On a crash, restarts the engine and then throws, so that the next user of the gate finds a working one.
   */
  async run(messages: Buffer): Promise<Buffer> {
    if (this.closed) throw new Error('The embedded database is closed');
    if (this.failure) throw this.failure;
    try {
      return await this.engine.run(messages);
    } catch (error) {
      await this.restart(error as Error);
      throw error;
    }
  }

  /** Restarts the engine after a reply that violates the protocol. */
  async restart(cause: Error): Promise<void> {
    this.onCrash(cause);
    this.engine.abandon();
    if (this.dataDir === undefined) {
      this.failure = cause;
      return;
    }
    try {
      this.engine = await Engine.inFolder(this.dataDir);
    } catch (error) {
      this.failure = new EngineCrashError(error);
    }
  }

  /** For maintenance statements. */
  async query<T>(sql: string): Promise<T[]> {
    try {
      return await this.engine.query<T>(sql);
    } catch (error) {
      if (this.engine.hasCrashed) await this.restart(error as Error);
      throw error;
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    if (!this.failure) await this.engine.stop();
  }
}

function dataOf(folder: string): string {
  return join(folder, 'pgdata');
}
