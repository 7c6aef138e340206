import type { Response } from 'express';

/** The answer about a row that was created, with its address below `path` in `Location` (RFC 9110 §10.2.2). */
export function located<T extends { id: string }>(res: Response, path: string, dto: T): T {
  res.setHeader('Location', `${path}/${dto.id}`);
  return dto;
}
