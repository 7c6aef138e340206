import type { Request } from 'express';

/** Whether a body comes with the request (RFC 9112 §6.3); one of no bytes is none. */
export function hasBody(req: Request): boolean {
  return req.get('transfer-encoding') !== undefined || Number(req.get('content-length')) > 0;
}
