import type { Request } from 'express';

/** The route pattern as declared in code, never the path, which has unbounded values. */
export function routeOf(req: Request): string {
  const path = (req as { route?: { path?: unknown } }).route?.path;
  // Nest answers unmatched paths on a catch-all route.
  if (typeof path === 'string') return path.includes('*') ? 'none' : path;
  return req.originalUrl.startsWith('/assets/') ? '/assets/*' : 'none';
}
