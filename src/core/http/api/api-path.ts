import type { Request } from 'express';

/**
 * Routes match case-insensitively, so `/API/v1/me` belongs to the API too. What is read about the API, below
 * `/api/docs`, are pages (ADR 115).
 */
const API = /^\/api(?!\/docs(\/|$))(\/|$)/i;

/** Whether the request is for the API: bearer tokens, JSON, no cookies. */
export function isApi({ path }: Pick<Request, 'path'>): boolean {
  return API.test(path);
}

/** Whether the request is for the back office; case and trailing slash are ignored, as by the router. */
export function isBackOffice(req: Request): boolean {
  return /^\/admin(\/|$)/i.test(req.path);
}
