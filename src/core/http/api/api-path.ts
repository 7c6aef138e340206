import type { Request } from 'express';

/** Routes match whatever the case of an address, and so does this: `/API/v1/me` is the API too. */
const API = /^\/api(\/|$)/i;

/** Whether a client of the API is asking: one with a bearer token, that reads JSON and has no cookies. */
export function isApi({ path }: Pick<Request, 'path'>): boolean {
  return API.test(path);
}

/** However it is written: the router minds neither the case nor a slash at the end. */
export function isBackOffice(req: Request): boolean {
  return /^\/admin(\/|$)/i.test(req.path);
}
