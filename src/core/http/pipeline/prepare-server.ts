import type { Server } from 'node:http';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AppConfig } from '../../config/config.js';
import { GracefulStop } from './graceful-stop.js';

/** Longer than proxies keep a connection (60 s is usual): it is they who close, never we under a request. */
const KEEP_ALIVE_MS = 75_000;

/** How the server of this process treats connections: slow clients are cut off, the end is orderly. */
export function prepareServer(app: NestExpressApplication): void {
  const server = app.getHttpServer() as Server & { connectionsCheckingInterval: number };
  const seconds = app.get(AppConfig).REQUEST_TIMEOUT_SECONDS;
  server.requestTimeout = seconds * 1000;
  server.headersTimeout = seconds * 250;
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  // How often Node looks for those that are late; read when the server begins to listen.
  server.connectionsCheckingInterval = Math.min(5_000, seconds * 100);
  app.get(GracefulStop).watch(server);
}
