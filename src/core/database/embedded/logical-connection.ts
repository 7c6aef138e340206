import { Duplex } from 'node:stream';
import type { Peer } from './wire-session.js';

/** What a connection needs from the session behind it. */
export interface ServerSide {
  receive(chunk: Buffer): void;
  finish(): void;
  abandon(): void;
}

/** The client's end of a connection inside this process, with what `pg` expects of a socket. */
export class LogicalConnection extends Duplex implements Peer {
  private server: ServerSide | undefined;
  private hungUp = false;

  /** `accept` is asked for the server's side once `pg` connects, and answers nothing to refuse. */
  constructor(private readonly accept: (connection: LogicalConnection) => ServerSide | undefined) {
    super({ allowHalfOpen: false });
  }

  connect(): this {
    process.nextTick(() => {
      if (this.destroyed) return;
      this.server = this.accept(this);
      if (this.server) this.emit('connect');
      else this.destroy(new Error('The embedded database is closed'));
    });
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  /** Nothing here keeps the process running. */
  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  send(bytes: Buffer): void {
    // An empty chunk would mean nothing, and one after the end is an error.
    if (bytes.length > 0 && !this.hungUp) this.push(bytes);
  }

  hangUp(): void {
    if (this.hungUp) return;
    this.hungUp = true;
    this.push(null);
  }

  fail(error: Error): void {
    this.destroy(error);
  }

  override _read(): void {
    // Answers are pushed when the backend gives them.
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.server?.receive(chunk);
    done();
  }

  override _final(done: () => void): void {
    this.server?.finish();
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.hungUp = true;
    this.server?.abandon();
    done(error);
  }
}
