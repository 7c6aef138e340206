import { once } from 'node:events';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { socketPath } from './socket-path.js';

/** Access to a database that another process runs. */
export class JoinedDatabase {
  private readonly sockets = new Set<Socket>();

  constructor(private readonly folder: string) {}

  connect(): Duplex {
    const socket = new Socket();
    const connect = socket.connect.bind(socket);
    this.sockets.add(socket);
    socket.once('close', () => this.sockets.delete(socket));
    // `pg` always passes a host and a port, which do not apply here.
    return Object.assign(socket, { connect: () => connect({ path: socketPath(this.folder) }) });
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
  }
}

/** Whether a process listens on this folder's socket. */
export async function isAnswered(folder: string): Promise<boolean> {
  const socket = new Socket().connect({ path: socketPath(folder) });
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
