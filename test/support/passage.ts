import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** A TCP proxy between application and server that can be cut, stalled and restored. */
export class Passage {
  private readonly sockets = new Set<Socket>();
  private isSilent = false;

  private constructor(
    private readonly target: URL,
    private readonly server: Server,
    private readonly port: number,
  ) {
    server.on('connection', (socket) => this.join(socket));
  }

  /** `url`: of the server behind it; `Passage.url` is the same, through here. */
  static async to(url: string): Promise<Passage> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    return new Passage(new URL(url), server, port);
  }

  get url(): string {
    const url = new URL(this.target);
    url.host = `127.0.0.1:${this.port}`;
    return url.href;
  }

  /** Every connection is reset, new ones are refused: the server is gone. */
  cut(): void {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
  }

  /** Connections stay and nothing comes through, not even to new ones: the network is gone. */
  silence(): void {
    this.isSilent = true;
    for (const socket of this.sockets) socket.pause();
  }

  async mend(): Promise<void> {
    this.isSilent = false;
    for (const socket of this.sockets) socket.resume();
    if (this.server.listening) return;
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
  }

  private join(near: Socket): void {
    const far = connect(Number(this.target.port || 5432), this.target.hostname);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.sockets.add(one);
      one.on('data', (chunk: Buffer) => other.write(chunk));
      one.on('error', () => undefined);
      one.on('close', () => {
        this.sockets.delete(one);
        other.destroy();
      });
      if (this.isSilent) one.pause();
    }
  }
}
