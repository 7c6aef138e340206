import express, { type Request, type Response } from 'express';
import { mark } from '../access/access.js';

/** The route reads the bytes of its body itself (`readRawBody`): a signature is over them. */
export const RawBody = mark();

/**
 * The body as it was sent, whatever its type; null when it has more than `limit` bytes, is compressed, or does
 * not come whole. What is still on its way then is not waited for: the connection ends with the answer.
 */
export async function readRawBody(
  req: Request,
  res: Response,
  limit: number,
): Promise<Buffer | null> {
  const parse = express.raw({ limit, type: () => true, inflate: false });
  try {
    await new Promise<void>((resolve, reject) => {
      const done = (error?: unknown) => (error instanceof Error ? reject(error) : resolve());
      parse(req, res, done);
    });
  } catch (error) {
    if (!req.complete) res.setHeader('Connection', 'close');
    if (isClients(error)) return null;
    throw error;
  }
  return Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0);
}

/** The parser says by its status whose mistake it is. */
function isClients(error: unknown): boolean {
  const { status } = error as { status?: unknown };
  return typeof status === 'number' && status >= 400 && status < 500;
}
