import type { Request, Response } from 'express';
import { DomainError } from '../errors/domain-error.js';
import { declared } from '../features/registry.js';
import type { ObjectStorage } from './object-storage.js';
import { isImageKey } from './storage-key.js';

/**
 * Answers `GET /media/<kind>/<name>` with the image of that key, or 304 (RFC 9110 §15.4.5).
 * A key names one content for ever, so the answer may be kept for a year.
 * @throws DomainError `not_found`, with none of these headers set
 */
export async function sendImage(
  storage: ObjectStorage,
  key: string,
  req: Request,
  res: Response,
): Promise<void> {
  const image = isImageKey(key) ? await storage.get(key) : null;
  if (!image) throw new DomainError('not_found', 'errors.404.text');
  res.set({
    ...SAFE_HEADERS,
    'Cross-Origin-Resource-Policy': isInMails(key) ? 'cross-origin' : 'same-origin',
    ETag: `"${key.slice(key.indexOf('/') + 1, key.lastIndexOf('.'))}"`,
  });
  if (req.fresh) {
    res.status(304).end();
    return;
  }
  res.set({ 'Content-Type': 'image/webp', 'Content-Length': String(image.bytes.length) });
  res.status(200).end(image.bytes);
}

/** Mails are read in pages of other sites. */
function isInMails(key: string): boolean {
  const folder = declared('storageFolders', key.slice(0, key.indexOf('/')));
  return folder.holds === 'images' && folder.isInMails === true;
}

/** Prevents execution, framing and reading by other sites, should a file not be an image. */
const SAFE_HEADERS = {
  'Cache-Control': 'private, max-age=31536000, immutable',
  'Content-Disposition': 'inline',
  'Content-Security-Policy': "default-src 'none'; sandbox",
  'X-Content-Type-Options': 'nosniff',
};
