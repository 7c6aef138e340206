import type { Request } from 'express';
import { safePath } from './safe-path.js';

/** The page to return to: the requested one, or the one a form was sent from. */
export function returnPath(req: Request): string | null {
  if (req.method === 'GET' || req.method === 'HEAD') {
    return safePath(req.originalUrl, '') || null;
  }
  const referer = URL.parse(req.get('referer') ?? '');
  return referer && referer.host === req.get('host')
    ? safePath(referer.pathname + referer.search, '') || null
    : null;
}
