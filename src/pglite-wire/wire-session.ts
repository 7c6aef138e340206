import type { Backend } from './backend.js';
import type { Gate, GateUser } from './gate.js';
import { MessageReader, ProtocolViolation } from './message-reader.js';
import { code, copyFail, fatalError, greeting, query, sync } from './messages.js';
import type { TransactionStatus } from './messages.js';
import type { Peer } from './peer.js';
import { readReply } from './reply.js';
import { StatementNames } from './statement-names.js';

export interface SessionContext {
  backend: Backend;
  gate: Gate;
  /** How long to wait for another connection's open transaction, in ms. */
  waitLimit: number;
  notify(messages: Buffer[]): void;
  onEnd(session: WireSession): void;
}

/** Maximum bytes per turn, so that a long pipeline lets other work of the process run in between. */
const BATCH_BYTES = 64 * 1024;

const FORGET_SETTINGS = query(
  'RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL; CLOSE ALL; DISCARD TEMP',
);

/**
 * One logical connection. Holds the gate from its first message until the backend is idle after the last
 * one, so no other connection runs inside its transaction.
 */
export class WireSession implements GateUser {
  private readonly reader = new MessageReader();
  private readonly names: StatementNames;
  private pending: Buffer[] = [];
  private started = false;
  private leaving = false;
  private gone = false;
  /** Whether the session has left state in the backend that must be cleaned up. */
  private used = false;
  private scheduled = false;
  private running = false;
  private status: TransactionStatus = 'I';
  /** Whether messages were run whose Sync was not received yet. */
  private unsynced = false;
  /** Whether received messages await their Sync. */
  private groupIsOpen = false;
  private listens = false;
  private copies = false;
  private waiting: NodeJS.Timeout | undefined;

  constructor(
    readonly id: number,
    private readonly peer: Peer,
    private readonly context: SessionContext,
  ) {
    this.names = new StatementNames(id);
  }

  receive(chunk: Buffer): void {
    try {
      for (const bytes of this.reader.read(chunk)) {
        if (this.leaving || this.gone) return;
        if (this.started) this.accept(bytes);
        else this.start(bytes);
      }
    } catch (error) {
      if (!(error instanceof ProtocolViolation)) throw error;
      this.refuse('08P01', error.message);
    }
  }

  /** The client has ended its side: messages already sent are still processed. */
  finish(): void {
    this.leaving = true;
    this.proceed();
  }

  /** The client is gone: rolls back its open transaction before the next session's turn. */
  abandon(): void {
    if (this.gone) return;
    this.gone = true;
    this.pending = [];
    clearTimeout(this.waiting);
    this.context.onEnd(this);
    const { gate } = this.context;
    // A running batch is completed; the clean-up follows.
    if (this.running) return;
    if (!this.used) gate.leave(this);
    else if (gate.isHeldBy(this)) this.schedule();
    else gate.enter(this);
  }

  /** The backend was restarted: the session's state is lost. */
  lose(error: Error): void {
    this.used = false;
    if (this.gone) return;
    this.peer.fail(error);
    this.abandon();
  }

  /** The database closes. */
  disconnect(): void {
    if (this.gone) return;
    this.used = false;
    this.peer.hangUp();
    this.abandon();
  }

  notify(messages: Buffer[]): void {
    if (this.listens && !this.gone) this.peer.send(Buffer.concat(messages));
  }

  onTurn(): void {
    clearTimeout(this.waiting);
    this.waiting = undefined;
    this.schedule();
  }

  private start(bytes: Buffer): void {
    const version = bytes.length >= 8 ? bytes.readUInt32BE(4) : 0;
    if (version === SSL_REQUEST || version === GSS_REQUEST) {
      this.peer.send(Buffer.from('N'));
    } else if (version >>> 16 === 3) {
      this.started = true;
      this.reader.startupIsDone();
      this.peer.send(greeting(this.id, this.context.backend.parameters));
    } else {
      // Cancel requests arrive here too; they are ignored, since the backend cannot be interrupted.
      this.peer.hangUp();
      this.abandon();
    }
  }

  private accept(bytes: Buffer): void {
    const type = bytes[0] ?? 0;
    if (type === code.terminate) return this.finish();
    // Remains of a refused COPY, which servers ignore too.
    if (LEFT_OVER.has(type)) return;
    if (!UNDERSTOOD.has(type)) {
      // The backend hangs on unknown message types.
      throw new ProtocolViolation(`message type ${type} is not supported`);
    }
    if (type === code.query && this.groupIsOpen) {
      // PGlite's transaction status is wrong for ever after this message.
      throw new ProtocolViolation('a simple query cannot come before the Sync of an extended one');
    }
    this.groupIsOpen = type !== code.sync && type !== code.query;
    this.pending.push(bytes);
    this.proceed();
  }

  private proceed(): void {
    if (this.gone || this.running) return;
    if (this.pending.length === 0) {
      if (!this.leaving) return;
      this.peer.hangUp();
      this.abandon();
    } else if (this.context.gate.isHeldBy(this)) {
      this.schedule();
    } else {
      this.context.gate.enter(this);
      if (!this.context.gate.isHeldBy(this)) this.waiting ??= this.waitTimer();
    }
  }

  private waitTimer(): NodeJS.Timeout {
    const { waitLimit } = this.context;
    const text =
      `no turn on the embedded database within ${waitLimit / 1000} s: another connection holds a ` +
      'transaction open, perhaps the unit of work that waits for this query';
    return setTimeout(() => this.refuse('55P03', text), waitLimit).unref();
  }

  /** `setImmediate` makes one batch of what a client pipelines in one tick, and lets timers run between. */
  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      if (this.running || !this.context.gate.isHeldBy(this)) return;
      if (this.gone) void this.cleanUp();
      else if (this.pending.length > 0) void this.runBatch();
    });
  }

  private async runBatch(): Promise<void> {
    const { backend, gate } = this.context;
    this.running = true;
    this.used = true;
    const batch = this.takeBatch();
    let reply;
    try {
      reply = readReply(await backend.run(batch));
      if (!this.unsynced && !reply.status) throw await this.brokenProtocol();
    } catch (error) {
      this.running = false;
      this.lose(error as Error);
      gate.leave(this);
      return;
    }
    this.running = false;
    this.status = reply.status ?? this.status;
    this.listens ||= reply.listens;
    if (this.gone) return this.schedule();
    // Released before the reply is sent, so that the client's next request queues behind the others.
    if (!this.unsynced && this.status === 'I') {
      this.names.gateWasLeft();
      gate.leave(this);
    }
    this.peer.send(reply.bytes);
    if (reply.notifications.length > 0) this.context.notify(reply.notifications);
    this.proceed();
  }

  private async brokenProtocol(): Promise<Error> {
    const error = new Error('The embedded database stopped: it left a request without an answer');
    await this.context.backend.restart(error);
    return error;
  }

  private takeBatch(): Buffer {
    const batch: Buffer[] = [];
    let size = 0;
    let taken = 0;
    for (const bytes of this.pending) {
      const type = bytes[0];
      taken += 1;
      batch.push(this.names.rewrite(bytes));
      if (this.mayWaitForCopyData(bytes)) batch.push(copyFail);
      this.unsynced = type !== code.sync && type !== code.query;
      size += bytes.length;
      if (!this.unsynced && size >= BATCH_BYTES) break;
    }
    this.pending.splice(0, taken);
    return Buffer.concat(batch);
  }

  /** Whether a COPY waits for the client's data: the backend cannot wait, so data and command go together. */
  private mayWaitForCopyData(bytes: Buffer): boolean {
    const type = bytes[0];
    if (type === code.parse || type === code.query) {
      const copies = COPY_FROM_CLIENT.test(bytes.toString('latin1', 5));
      if (type === code.query) return copies;
      this.copies ||= copies;
    }
    return this.copies && type === code.execute;
  }

  private async cleanUp(): Promise<void> {
    this.running = true;
    const undo = this.unsynced || this.status !== 'I';
    const messages = [
      ...(this.unsynced ? [sync] : []),
      ...(undo ? [query('ROLLBACK')] : []),
      ...this.names.closeAll(),
      sync,
      FORGET_SETTINGS,
    ];
    try {
      await this.context.backend.run(Buffer.concat(messages));
    } catch {
      // The engine crashed or is closed: nothing to clean up.
    }
    this.used = false;
    this.running = false;
    this.context.gate.leave(this);
  }

  private refuse(sqlState: string, text: string): void {
    this.peer.send(fatalError(sqlState, text));
    this.peer.hangUp();
    this.abandon();
  }
}

const SSL_REQUEST = 80877103;
const GSS_REQUEST = 80877104;
const COPY_FROM_CLIENT = /\bcopy\b[^]*\bstdin\b/i;
const LEFT_OVER = new Set<number>([code.copyData, code.copyDone, code.copyFail, code.password]);
const UNDERSTOOD = new Set<number>([
  code.parse,
  code.bind,
  code.describe,
  code.execute,
  code.close,
  code.flush,
  code.sync,
  code.query,
]);
