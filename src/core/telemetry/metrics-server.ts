import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { AppConfig } from '../config/config.js';
import { Metrics } from './metrics.js';

/** `/metrics` on a port of its own (METRICS_PORT), which only the operator's network reaches. */
@Injectable()
export class MetricsServer implements OnApplicationShutdown {
  private server?: Server;

  constructor(
    private readonly config: AppConfig,
    private readonly metrics: Metrics,
  ) {}

  /** Resolves with the port, or null when none is configured. */
  async listen(host?: string): Promise<number | null> {
    const { METRICS_PORT } = this.config;
    if (METRICS_PORT === undefined) return null;
    this.server = createServer((req, res) => {
      if (req.method !== 'GET' || req.url !== '/metrics') {
        res.writeHead(404).end();
        return;
      }
      void this.metrics.text().then(
        (text) => res.writeHead(200, { 'Content-Type': this.metrics.contentType }).end(text),
        () => res.writeHead(500).end(),
      );
    });
    this.server.listen(METRICS_PORT, host);
    await once(this.server, 'listening');
    return (this.server.address() as { port: number }).port;
  }

  async onApplicationShutdown(): Promise<void> {
    if (!this.server) return;
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }
}
