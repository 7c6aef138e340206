import { once } from 'node:events';
import { chmodSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { fatalError } from './messages.js';
import { claimSocketPath, releaseSocketPath } from './socket-path.js';
import type { Peer, ServerSide } from './peer.js';

/** Returns undefined to refuse, while the database closes. */
type Accept = (peer: Peer) => ServerSide | undefined;

/** Socket server through which commands of the same operating system user use the running database. */
export class SocketServer {
  private constructor(
    private readonly server: Server,
    private readonly folder: string,
  ) {}

  /** Only for the holder of the folder's lock: removes a stale socket. */
  static async listen(folder: string, accept: Accept): Promise<SocketServer> {
    const server = createServer((socket) => {
      const session = accept(new SocketPeer(socket));
      if (!session) return void socket.destroy();
      socket.on('data', (chunk) => session.receive(chunk));
      socket.on('end', () => session.finish());
      socket.on('close', () => session.abandon());
      // A 'close' event follows and does the clean-up.
      socket.on('error', () => undefined);
    });
    const path = claimSocketPath(folder);
    server.listen(path);
    await once(server, 'listening');
    chmodSync(path, 0o600);
    // The server does not keep the process alive.
    server.unref();
    return new SocketServer(server, folder);
  }

  /** Stops accepting connections; open ones stay. */
  close(): void {
    this.server.close();
    releaseSocketPath(this.folder);
  }
}

class SocketPeer implements Peer {
  constructor(private readonly socket: Socket) {}

  send(bytes: Buffer): void {
    if (this.socket.writable) this.socket.write(bytes);
  }

  hangUp(): void {
    this.socket.end(() => this.socket.destroy());
  }

  fail(error: Error): void {
    this.send(fatalError('57P02', error.message));
    this.hangUp();
  }
}
