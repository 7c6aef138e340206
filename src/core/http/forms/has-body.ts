import type { Request } from 'express';

/** Whether the request has a body of at least one byte (RFC 9112 §6.3). */
export function hasBody(req: Request): boolean {
  return req.get('transfer-encoding') !== undefined || Number(req.get('content-length')) > 0;
}
