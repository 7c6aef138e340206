import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { Backend } from './backend.js';
import { FolderInUseError } from './errors.js';
import { FolderLock } from './storage/folder-lock.js';
import { Gate } from './gate.js';
import { LogicalConnection } from './logical-connection.js';
import { isAnswered } from './socket-client.js';
import { SocketServer } from './socket-server.js';
import { Upkeep } from './upkeep.js';
import type { Peer } from './peer.js';
import { type SessionContext, WireSession } from './wire-session.js';

export interface EmbeddedOptions {
  /** Absent: in memory, for tests. */
  folder?: string;
  /** In memory, begins as a copy of the database in this folder, which nobody has open. */
  copyOf?: string;
  /** How long a connection waits for another one's open transaction, in ms. */
  waitLimit?: number;
}

const WAIT_LIMIT = 60_000;
const UPKEEP_INTERVAL = 60_000;
/** How long `close()` waits for an open transaction, in ms. */
const CLOSE_LIMIT = 10_000;

/**
 * PostgreSQL inside this process, used through the ordinary driver:
 * `new pg.Pool({ stream: () => database.connect() })`.
 *
 * All connections share one backend session and take turns at it: a transaction holds the gate
 * from its first to its last statement. Session-level state (`SET`, temporary tables, session
 * advisory locks) is therefore shared, and must not be used.
 */
export class EmbeddedDatabase {
  private readonly sessions = new Set<WireSession>();
  private readonly gate = new Gate();
  private backend: Backend;
  private upkeep: Upkeep;
  private context: SessionContext;
  private server: SocketServer | undefined;
  private lastSession = 0;
  private closing: Promise<void> | undefined;

  private constructor(private readonly lock: FolderLock | undefined) {}

  /** Throws FolderInUseError while another process has the folder open. */
  static async open(options: EmbeddedOptions = {}): Promise<EmbeddedDatabase> {
    const folder = options.folder && resolve(options.folder);
    if (!folder) return new EmbeddedDatabase(undefined).start(options);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const lock = FolderLock.take(folder);
    const database = new EmbeddedDatabase(lock);
    try {
      // Additional check for file systems whose locks do not exclude other processes.
      if (await isAnswered(folder)) throw new FolderInUseError(folder, lock.previousOwner);
      return await database.start({ ...options, folder });
    } catch (error) {
      await database.backend?.close();
      await lock.release();
      throw error;
    }
  }

  /** A new logical connection, for the `stream` option of `pg`. */
  connect(): Duplex {
    return new LogicalConnection((peer) => this.accept(peer));
  }

  /** Waits for statements under way, then closes open connections. */
  close(): Promise<void> {
    return (this.closing ??= this.shutDown());
  }

  private async start(options: EmbeddedOptions): Promise<this> {
    const { folder, copyOf, waitLimit = WAIT_LIMIT } = options;
    this.backend = await Backend.open(folder, copyOf, (error) => {
      for (const session of this.sessions) session.lose(error);
    });
    this.context = {
      backend: this.backend,
      gate: this.gate,
      waitLimit,
      notify: (messages) => this.sessions.forEach((session) => session.notify(messages)),
      onEnd: (session) => this.sessions.delete(session),
    };
    this.upkeep = new Upkeep(this.backend, this.gate, UPKEEP_INTERVAL);
    if (folder) this.server = await SocketServer.listen(folder, (peer) => this.accept(peer));
    return this;
  }

  private accept(peer: Peer): WireSession | undefined {
    if (this.closing) return undefined;
    const session = new WireSession(++this.lastSession, peer, this.context);
    this.sessions.add(session);
    return session;
  }

  private async shutDown(): Promise<void> {
    this.server?.close();
    this.upkeep.stop();
    const idle = Promise.withResolvers<void>();
    this.gate.enter({ onTurn: () => idle.resolve() });
    await Promise.race([idle.promise, delay(CLOSE_LIMIT, undefined, { ref: false })]);
    for (const session of this.sessions) session.disconnect();
    await this.backend.close();
    await this.lock?.release();
  }
}
