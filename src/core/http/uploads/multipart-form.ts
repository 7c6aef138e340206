import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import {
  BadRequestException,
  HttpException,
  PayloadTooLargeException,
  RequestTimeoutException,
} from '@nestjs/common';
import type { Request, Response } from 'express';
import multer, { MulterError, type StorageEngine } from 'multer';
import { currentContext } from '../../context/request-context.js';
import { storageUnavailable } from '../../storage/object-storage.js';
import { FairTurns } from '../../utils/fair-turns.js';
import { Semaphore } from '../../utils/semaphore.js';
import { MAX_IMAGE_BYTES } from '../../storage/image-encoder.js';
import { hasBody } from '../forms/has-body.js';

const KIB = 1024;
const MIB = 1024 * KIB;

export interface FormLimits {
  /** Maximum time to receive a form, in ms. */
  deadline: number;
  /** Maximum size in bytes; a larger form is cut off. */
  maxBody: number;
}

/** Two minutes suffice for 2 MiB at 150 kbit/s. */
export const FORM_LIMITS: FormLimits = { deadline: 120_000, maxBody: 64 * MIB };

/**
 * Large files that are received at a time: 40 of 10 MiB fit twice into the temporary folder, and one organisation takes
 * six of the places.
 */
const LARGE = new FairTurns(
  new Semaphore(40, { length: 80, refusal: storageUnavailable }),
  () => new Semaphore(6, { length: 40, refusal: storageUnavailable }),
);

/** Whether the body is multipart, also with an unparsable type, for which `req.is` would be false. */
export function isMultipart(req: Request): boolean {
  return /^\s*multipart\//i.test(req.get('content-type') ?? '') && hasBody(req);
}

/**
 * Reads a form with a file (RFC 7578): text fields into `req.body`, the file under `field` into `req.file`, in memory or,
 * with `maxBytes`, in the temporary folder.
 */
export function receiveForm(
  req: Request,
  res: Response,
  { field, maxBytes }: { field: string; maxBytes?: number },
  limits: FormLimits,
): Promise<void> {
  if (maxBytes === undefined) return receive(req, res, withFile.single(field), limits);
  const reader = withLargeFile(maxBytes).single(field);
  return LARGE.run(currentContext().tenantId ?? '', () => receive(req, res, reader, limits));
}

/**
 * Reads only the text fields of a form from an unauthenticated sender; the file is discarded. `req.file`
 * tells that there was one.
 */
export function receiveTextFields(req: Request, res: Response, field: string): Promise<void> {
  return receive(req, res, withoutFile.single(field), FORM_LIMITS);
}

type Reader = ReturnType<ReturnType<typeof multer>['single']>;

async function receive(
  req: Request,
  res: Response,
  reader: Reader,
  { deadline, maxBody }: FormLimits,
): Promise<void> {
  // The sender disconnected during earlier guards: no further event would arrive.
  if (req.destroyed) throw new BadRequestException();
  const { promise: cutOff, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new RequestTimeoutException()), deadline);
  let received = 0;
  const count = (chunk: Buffer) => {
    received += chunk.length;
    if (received > maxBody) reject(new PayloadTooLargeException());
  };
  req.on('data', count);
  try {
    await Promise.race([parse(req, res, reader), cutOff]);
  } catch (error) {
    // The rest of the body is not read: the connection closes with the response.
    if (!req.complete) res.setHeader('Connection', 'close');
    throw refusal(error);
  } finally {
    clearTimeout(timer);
    req.off('data', count);
  }
}

function parse(req: Request, res: Response, reader: Reader): Promise<void> {
  return new Promise((resolve, reject) => {
    void reader(req, res, (error: unknown) => {
      if (error) reject(error instanceof Error ? error : new Error('The form cannot be read'));
      else resolve();
    });
  });
}

/** Errors of the parser are the client's (4xx). */
function refusal(error: unknown): HttpException {
  if (error instanceof HttpException) return error;
  if (error instanceof MulterError && error.code === 'LIMIT_FILE_SIZE') {
    return new PayloadTooLargeException();
  }
  return new BadRequestException('The form cannot be read', { cause: error });
}

/** Keeps the first bytes of a file in memory, which bounds the memory of an upload. */
function keepFirst(bytes: number): StorageEngine {
  return {
    _handleFile(_req, { stream }, done) {
      const chunks: Buffer[] = [];
      let kept = 0;
      stream.on('data', (chunk: Buffer) => {
        const part = chunk.subarray(0, bytes - kept);
        if (part.length === 0) return;
        chunks.push(part);
        kept += part.length;
      });
      stream.on('error', (error: Error) => done(error));
      stream.on('end', () => done(null, { buffer: Buffer.concat(chunks), size: kept }));
    },
    _removeFile(_req, file, done) {
      file.buffer = Buffer.alloc(0);
      done(null);
    },
  };
}

/**
 * Writes a file to the temporary folder, of a larger one the first bytes and one; it is removed when the request is
 * over, however it ends.
 */
function keepInFolder(bytes: number): StorageEngine {
  const remove = (path: string) => rm(path, { force: true }).catch(() => undefined);
  return {
    _handleFile(req, { stream }, done) {
      const path = join(tmpdir(), `atrium-upload-${randomUUID()}`);
      req.res!.once('close', () => {
        // Ends the writing too, where the sender left.
        stream.destroy();
        void remove(path);
      });
      let size = 0;
      const first = async function* (chunks: AsyncIterable<Buffer>) {
        for await (const chunk of chunks) {
          yield chunk.subarray(0, Math.max(0, bytes - size));
          size += chunk.length;
        }
      };
      const file = createWriteStream(path, { flags: 'wx', mode: 0o600 });
      pipeline(stream, first, file).then(
        () => done(null, { path, size }),
        (error: Error) => void remove(path).then(() => done(error)),
      );
    },
    _removeFile(_req, { path }, done) {
      void remove(path).then(() => done(null));
    },
  };
}

const limits = {
  files: 1,
  fileSize: 10 * MIB,
  fields: 60,
  fieldSize: 64 * KIB,
  fieldNameSize: 100,
  // Field names like `a[b]` do not occur in the forms; multer would build objects from them.
  fieldNestingDepth: 0,
  parts: 61,
  headerPairs: 20,
};
/** One byte more than accepted, to detect files that are too large. */
const withFile = multer({ storage: keepFirst(MAX_IMAGE_BYTES + 1), limits });
/** Names of files are UTF-8, as browsers send them. */
const withLargeFile = (bytes: number) =>
  multer({
    storage: keepInFolder(bytes + 1),
    limits: { ...limits, fileSize: FORM_LIMITS.maxBody },
    defParamCharset: 'utf8',
  });
const withoutFile = multer({ storage: keepFirst(0), limits });
