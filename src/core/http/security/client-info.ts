import { isIP } from 'node:net';
import type { Request } from 'express';
import { unmapped } from './limited-address.js';

/** IP address and User-Agent of a request, as stored in its session. */
export function clientInfo(req: Request): { ip: string | null; userAgent: string | null } {
  const userAgent = req.get('user-agent')?.slice(0, 400) ?? null;
  return { ip: clientAddress(req), userAgent };
}

/** The client address; null when a proxy's header is not an IP address. */
export function clientAddress(req: Request): string | null {
  const address = req.ip?.replace(/%.*$/, '') ?? '';
  return isIP(address) ? unmapped(address) : null;
}
