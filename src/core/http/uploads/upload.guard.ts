import {
  BadRequestException,
  HttpException,
  Injectable,
  PayloadTooLargeException,
  RequestTimeoutException,
  UnsupportedMediaTypeException,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request, Response } from 'express';
import multer, { MulterError, type StorageEngine } from 'multer';
import { MAX_IMAGE_BYTES } from '../../storage/image-encoder.js';
import { hasBody } from '../forms/has-body.js';
import { uploadOf } from './upload.js';

const KIB = 1024;
const MIB = 1024 * KIB;

/** Reads forms with a file before anything looks at their fields, the CSRF token being one of them. */
@Injectable()
export class UploadGuard implements CanActivate {
  /** Milliseconds a form may take to arrive: 2 MiB at 150 kbit/s. */
  protected get deadline(): number {
    return 120_000;
  }

  /** A larger form is cut off instead of read to its end, however little of it would be kept. */
  protected readonly maxBody: number = 64 * MIB;

  constructor(private readonly reflector: Reflector) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const req = context.switchToHttp().getRequest<Request>();
    if (!isMultipart(req)) return true;
    const field = uploadOf(this.reflector, context)?.field;
    if (field === undefined || !req.is('multipart/form-data')) {
      throw new UnsupportedMediaTypeException();
    }
    await this.receive(req, context.switchToHttp().getResponse<Response>(), field);
    return true;
  }

  /** Text fields come into `req.body`, the file on `req.file`. */
  private async receive(req: Request, res: Response, field: string): Promise<void> {
    // Its sender left while earlier guards were asking: nothing would ever say so again.
    if (req.destroyed) throw new BadRequestException();
    const { promise: cutOff, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => reject(new RequestTimeoutException()), this.deadline);
    let received = 0;
    const count = (chunk: Buffer) => {
      received += chunk.length;
      if (received > this.maxBody) reject(new PayloadTooLargeException());
    };
    req.on('data', count);
    try {
      await Promise.race([parse(req, res, field), cutOff]);
    } catch (error) {
      // What is still on its way is not waited for: the connection ends with the answer.
      if (!req.complete) res.setHeader('Connection', 'close');
      throw refusal(error);
    } finally {
      clearTimeout(timer);
      req.off('data', count);
    }
  }
}

/** Also true where the type cannot be parsed: `req.is` would say no, and the body would go unread. */
function isMultipart(req: Request): boolean {
  return /^\s*multipart\//i.test(req.get('content-type') ?? '') && hasBody(req);
}

/**
 * Keeps a file in memory, but no more of it than tells that it is too large: what an upload costs is
 * bounded by what is accepted, not by what is sent.
 */
const keepBeginning: StorageEngine = {
  _handleFile(_req, { stream }, done) {
    const chunks: Buffer[] = [];
    let kept = 0;
    stream.on('data', (chunk: Buffer) => {
      const part = chunk.subarray(0, MAX_IMAGE_BYTES + 1 - kept);
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

const upload = multer({
  storage: keepBeginning,
  limits: {
    files: 1,
    fileSize: 10 * MIB,
    fields: 60,
    fieldSize: 64 * KIB,
    fieldNameSize: 100,
    // `a[b]` is no name of a field in our forms; multer would build objects from it.
    fieldNestingDepth: 0,
    parts: 61,
    headerPairs: 20,
  },
});

function parse(req: Request, res: Response, field: string): Promise<void> {
  return new Promise((resolve, reject) => {
    void upload.single(field)(req, res, (error: unknown) => {
      if (error) reject(error instanceof Error ? error : new Error('The form cannot be read'));
      else resolve();
    });
  });
}

/** Whatever the parser stumbles over came from the client. */
function refusal(error: unknown): HttpException {
  if (error instanceof HttpException) return error;
  if (error instanceof MulterError && error.code === 'LIMIT_FILE_SIZE') {
    return new PayloadTooLargeException();
  }
  return new BadRequestException('The form cannot be read', { cause: error });
}
