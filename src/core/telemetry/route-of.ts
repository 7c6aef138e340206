import type { Request } from 'express';

/** The pattern of the route, as the code declares it; never the address, of which there are endless. */
export function routeOf(req: Request): string {
  const path = (req as { route?: { path?: unknown } }).route?.path;
  // Where nothing else matches, Nest answers at a route that matches all.
  if (typeof path === 'string') return path.includes('*') ? 'none' : path;
  return req.originalUrl.startsWith('/assets/') ? '/assets/*' : 'none';
}
