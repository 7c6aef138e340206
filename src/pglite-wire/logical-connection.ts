import { Duplex } from 'node:stream';
import type { Peer, ServerSide } from './peer.js';

/** The client side of an in-process connection, with the socket methods that `pg` uses. */
export class LogicalConnection extends Duplex implements Peer {
  private server: ServerSide | undefined;
  private hungUp = false;

  /** `accept` returns the server side once `pg` connects, or undefined to refuse. */
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

  /** No-op: the connection does not keep the process alive. */
  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  send(bytes: Buffer): void {
    // Ignores empty chunks and chunks after the end.
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
    // Replies are pushed when the backend sends them.
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
