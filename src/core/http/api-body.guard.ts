import {
  Injectable,
  UnsupportedMediaTypeException,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import express, { type Request, type Response } from 'express';
import { isApi } from './api-path.js';
import { uploadFieldOf } from './upload.js';

const MIB = 1024 * 1024;
const parse = express.json({ limit: MIB, type: () => true });

/**
 * Reads the body of an API request: JSON (415 for anything else), at most 1 MiB (413), well-formed
 * (400). After the guards that say who may ask, so that strangers are not read; before those that
 * look into the body.
 */
@Injectable()
export class ApiBodyGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const req = context.switchToHttp().getRequest<Request>();
    if (!isApi(req) || !hasBody(req)) return true;
    // A form with a file was read by the guard before; that route takes nothing else.
    if (uploadFieldOf(this.reflector, context)) {
      if (!req.is('multipart/form-data')) throw new UnsupportedMediaTypeException();
      return true;
    }
    const res = context.switchToHttp().getResponse<Response>();
    try {
      if (!req.is(['application/json', 'application/*+json'])) {
        throw new UnsupportedMediaTypeException();
      }
      await new Promise<void>((resolve, reject) => {
        parse(req, res, (error?: Error) => (error ? reject(error) : resolve()));
      });
    } catch (error) {
      // What is still on its way is not waited for: the connection ends with the answer.
      if (!req.complete) res.setHeader('Connection', 'close');
      throw error;
    }
    return true;
  }
}

function hasBody(req: Request): boolean {
  return req.get('transfer-encoding') !== undefined || Number(req.get('content-length')) > 0;
}
