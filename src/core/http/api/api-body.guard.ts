import type { IncomingMessage } from 'node:http';
import {
  Injectable,
  UnsupportedMediaTypeException,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import express, { type Request, type RequestHandler, type Response } from 'express';
import { MAX_IMAGE_BYTES } from '../../storage/image-encoder.js';
import { isApi } from './api-path.js';
import { hasBody } from '../forms/has-body.js';
import { isMarked } from '../access/access.js';
import { RawBody } from './raw-body.js';
import { uploadOf } from '../uploads/upload.js';

const MIB = 1024 * 1024;
const readJson = express.json({ limit: MIB, type: () => true, verify: keepBytes });
const readImage = express.raw({ limit: MAX_IMAGE_BYTES, type: () => true });

export interface WithBytes {
  /** Raw body, for routes that take an `Idempotency-Key`. */
  bytes?: Buffer;
}

/**
 * Reads the body of an API request: JSON (415 for anything else) of at most 1 MiB (413), well-formed (400); a
 * picture where the route takes one. Runs after authentication, so that bodies of strangers are not read, and
 * before guards that need the body.
 */
@Injectable()
export class ApiBodyGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const req = context.switchToHttp().getRequest<Request>();
    if (!isApi(req) || !hasBody(req) || isMarked(RawBody, this.reflector, context)) return true;
    const upload = uploadOf(this.reflector, context);
    // Read by `UploadGuard`.
    if (upload && req.is('multipart/form-data')) return true;
    const res = context.switchToHttp().getResponse<Response>();
    try {
      if (!upload) await read(req, res, readJson, ['application/json', 'application/*+json']);
      else if (upload.isAlsoBody) await readPicture(req, res);
      else throw new UnsupportedMediaTypeException();
    } catch (error) {
      // The rest of the body is not read: the connection closes with the response.
      if (!req.complete) res.setHeader('Connection', 'close');
      throw error;
    }
    return true;
  }
}

async function readPicture(req: Request, res: Response): Promise<void> {
  await read(req, res, readImage, ['image/*']);
  Object.assign(req, { body: {}, file: { buffer: req.body } });
}

async function read(req: Request, res: Response, parse: RequestHandler, types: string[]) {
  if (!req.is(types)) throw new UnsupportedMediaTypeException();
  await new Promise<void>((resolve, reject) => {
    const done = (error?: unknown) => (error instanceof Error ? reject(error) : resolve());
    void parse(req, res, done);
  });
}

function keepBytes(req: IncomingMessage & WithBytes, _res: unknown, bytes: Buffer): void {
  if (req.headers['idempotency-key'] !== undefined) req.bytes = bytes;
}
