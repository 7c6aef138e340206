import { setTimeout as sleep } from 'node:timers/promises';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { AppConfig } from '../../config/config.js';

/** Time for requests under way after the server stopped accepting, in ms; then their connections are cut. */
const PATIENCE_MS = 25_000;

/**
 * Graceful shutdown of HTTP: reports not ready and serves on for SHUTDOWN_DRAIN_SECONDS with `Connection:
 * close`, then stops accepting and finishes requests under way. Jobs and database close after it (ADR 24).
 */
@Injectable()
export class GracefulStop implements OnModuleDestroy {
  private stopping = false;
  private server?: Server;
  private readonly endings: Array<() => void> = [];

  constructor(private readonly config: AppConfig) {}

  get isStopping(): boolean {
    return this.stopping;
  }

  /** Calls `end` when the shutdown begins: it ends responses that would not end by themselves. */
  onStop(end: () => void): void {
    this.endings.push(end);
  }

  /** Adds `Connection: close` to responses of `server` during shutdown. */
  watch(server: Server): void {
    this.server = server;
    server.prependListener('request', (_req: IncomingMessage, res: ServerResponse) => {
      if (this.stopping) res.setHeader('Connection', 'close');
    });
  }

  async onModuleDestroy(): Promise<void> {
    this.stopping = true;
    this.endings.forEach((end) => end());
    const { server } = this;
    if (!server?.listening) return;
    await sleep(this.config.SHUTDOWN_DRAIN_SECONDS * 1000);
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    // Closes idle connections whose last response began before the shutdown.
    const idle = setInterval(() => server.closeIdleConnections(), 50);
    const late = setTimeout(() => server.closeAllConnections(), PATIENCE_MS);
    await closed;
    clearInterval(idle);
    clearTimeout(late);
  }
}
