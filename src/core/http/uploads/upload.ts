import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';

interface UploadOptions {
  /** API clients may also send the picture as the body: `Content-Type: image/png`. */
  isAlsoBody?: boolean;
}

const DeclaredUpload = Reflector.createDecorator<{ field: string } & UploadOptions>();

/** The route takes a `multipart/form-data` form (RFC 7578) with at most one file, under this field. */
export const Upload = (field: string, options: UploadOptions = {}) =>
  DeclaredUpload({ field, ...options });

/**
 * The uploaded file, or null when none was chosen or the form has none. Of a file over 2 MiB only the first 2
 * MiB + 1 byte are kept.
 */
export const UploadedImage = createParamDecorator(
  (_: unknown, context: ExecutionContext): Buffer | null =>
    context.switchToHttp().getRequest<Request>().file?.buffer ?? null,
);

export function uploadOf(
  reflector: Reflector,
  context: ExecutionContext,
): ({ field: string } & UploadOptions) | undefined {
  return reflector.get(DeclaredUpload, context.getHandler());
}
