import { isIP } from 'node:net';
import type { Request } from 'express';
import { unmapped } from './limited-address.js';

/** Address and device of a request, as its session will remember them. */
export function clientInfo(req: Request): { ip: string | null; userAgent: string | null } {
  const userAgent = req.get('user-agent')?.slice(0, 400) ?? null;
  return { ip: clientAddress(req), userAgent };
}

/** Behind a proxy the address is what a header says: anything else than an address is none. */
export function clientAddress(req: Request): string | null {
  const address = req.ip?.replace(/%.*$/, '') ?? '';
  return isIP(address) ? unmapped(address) : null;
}
