import {
  Injectable,
  UnsupportedMediaTypeException,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request, Response } from 'express';
import { FORM_LIMITS, isMultipart, receiveForm } from './multipart-form.js';
import { uploadOf } from './upload.js';

/** Reads forms with a file before guards that need the fields, such as the CSRF token. */
@Injectable()
export class UploadGuard implements CanActivate {
  protected get deadline(): number {
    return FORM_LIMITS.deadline;
  }

  protected readonly maxBody: number = FORM_LIMITS.maxBody;

  constructor(private readonly reflector: Reflector) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const req = context.switchToHttp().getRequest<Request>();
    if (!isMultipart(req)) return true;
    const upload = uploadOf(this.reflector, context);
    if (!upload || !req.is('multipart/form-data')) {
      throw new UnsupportedMediaTypeException();
    }
    const res = context.switchToHttp().getResponse<Response>();
    const { deadline, maxBody } = this;
    await receiveForm(req, res, upload, { deadline, maxBody });
    return true;
  }
}
