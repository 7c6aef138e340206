import { Logger } from '@nestjs/common';
import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';
import type { StoredFile } from '../../storage/object-storage.js';
import { mediaTypeOf } from './file-names.js';

const log = new Logger('Files');

/**
 * Answers with a file that somebody uploaded, to be saved and never shown: whatever it holds runs nowhere.
 * The name is told in both ways of RFC 6266, so that every letter arrives. Nobody but the reader keeps a copy.
 */
export async function sendFile(res: Response, name: string, file: StoredFile): Promise<void> {
  res.attachment(name);
  res.set({
    'Content-Type': mediaTypeOf(name),
    'Content-Length': String(file.size),
    'Cache-Control': 'private, no-store',
    'Content-Security-Policy': "default-src 'none'; sandbox",
    'Cross-Origin-Resource-Policy': 'same-origin',
    'X-Content-Type-Options': 'nosniff',
  });
  // The headers are sent: a storage that breaks off can only end the connection.
  await pipeline(file.stream, res).catch((error: NodeJS.ErrnoException) => {
    res.destroy();
    if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') {
      log.error(`A file broke off while it was sent: ${error.message}`);
    }
  });
}
