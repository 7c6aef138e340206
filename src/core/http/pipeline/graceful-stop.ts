import { setTimeout as sleep } from 'node:timers/promises';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { AppConfig } from '../../config/config.js';

/** What is in flight may take this long once no more comes; then its connection is cut. */
const PATIENCE_MS = 25_000;

/**
 * How a process that is told to stop leaves: it says that it is not ready and serves on until no proxy
 * sends it anything (SHUTDOWN_DRAIN_SECONDS), closing each connection with its answer; then it takes no
 * more and finishes what is in flight. This comes first: jobs and database close after it.
 */
@Injectable()
export class GracefulStop implements OnModuleDestroy {
  private stopping = false;
  private server?: Server;

  constructor(private readonly config: AppConfig) {}

  get isStopping(): boolean {
    return this.stopping;
  }

  /** Tells the answers of `server` to close their connections once the process is to stop. */
  watch(server: Server): void {
    this.server = server;
    server.prependListener('request', (_req: IncomingMessage, res: ServerResponse) => {
      if (this.stopping) res.setHeader('Connection', 'close');
    });
  }

  async onModuleDestroy(): Promise<void> {
    this.stopping = true;
    const { server } = this;
    if (!server?.listening) return;
    await sleep(this.config.SHUTDOWN_DRAIN_SECONDS * 1000);
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    // An answer that was begun before leaves its connection open; nothing more is wanted on it.
    const idle = setInterval(() => server.closeIdleConnections(), 50);
    const late = setTimeout(() => server.closeAllConnections(), PATIENCE_MS);
    await closed;
    clearInterval(idle);
    clearTimeout(late);
  }
}
