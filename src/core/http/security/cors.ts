import type {
  CorsOptions,
  CorsOptionsDelegate,
} from '@nestjs/common/interfaces/external/cors-options.interface.js';
import type { Request } from 'express';
import { isApi } from '../api/api-path.js';

const NONE: CorsOptions = { origin: false };

/**
 * CORS for the configured origins only (Fetch standard, "CORS protocol"). Without credentials: the API uses
 * no cookies. Without origins no header is sent.
 */
export function corsOfApi(origins: string[]): CorsOptionsDelegate<Request> {
  const api: CorsOptions = {
    origin: origins,
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders: [
      'Accept-Language',
      'Authorization',
      'Content-Type',
      'Idempotency-Key',
      'If-Match',
      'If-None-Match',
    ],
    exposedHeaders: [
      'Content-Language',
      'ETag',
      'Idempotency-Replayed',
      'Location',
      'RateLimit-Limit',
      'RateLimit-Remaining',
      'RateLimit-Reset',
      'Retry-After',
      'WWW-Authenticate',
      'X-Request-Id',
    ],
    /** Seconds a browser may remember the answer to a preflight. */
    maxAge: 7_200,
  };
  return (req, done) => done(null, isApi(req) ? api : NONE);
}
