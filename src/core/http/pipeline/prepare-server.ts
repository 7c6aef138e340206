import type { Server } from 'node:http';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AppConfig } from '../../config/config.js';
import { GracefulStop } from './graceful-stop.js';

/**
 * Keep-alive timeout, longer than that of proxies (usually 60 s), so that the proxy closes first, never the
 * server during a request.
 */
const KEEP_ALIVE_MS = 75_000;

/** Sets the time limits of connections and the graceful shutdown of the server. */
export function prepareServer(app: NestExpressApplication): void {
  const server = app.getHttpServer() as Server & { connectionsCheckingInterval: number };
  const seconds = app.get(AppConfig).REQUEST_TIMEOUT_SECONDS;
  server.requestTimeout = seconds * 1000;
  server.headersTimeout = seconds * 250;
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  // Interval of Node's check for late connections; read when the server begins to listen.
  server.connectionsCheckingInterval = Math.min(5_000, seconds * 100);
  app.get(GracefulStop).watch(server);
}
