import type { Request } from 'express';

/**
 * Finds out who is behind a page request and which language they read, and puts both into the scope.
 * Done at most once per request: by the access guard, or by the error page of a request that never
 * came that far. Implemented where sessions are known; core only needs the act.
 */
export abstract class Visitor {
  abstract recognise(req: Request): Promise<void>;
}
