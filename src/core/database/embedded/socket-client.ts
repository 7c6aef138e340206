import { once } from 'node:events';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { socketPath } from './socket-path.js';

/** The database of a folder that another process runs. */
export class JoinedDatabase {
  private readonly sockets = new Set<Socket>();

  constructor(private readonly folder: string) {}

  connect(): Duplex {
    const socket = new Socket();
    const connect = socket.connect.bind(socket);
    this.sockets.add(socket);
    socket.once('close', () => this.sockets.delete(socket));
    // `pg` names a host and a port, whatever it is given.
    return Object.assign(socket, { connect: () => connect({ path: socketPath(this.folder) }) });
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
  }
}

/** Whether some process listens for this folder. */
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
