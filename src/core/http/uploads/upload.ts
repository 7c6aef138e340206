import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';

interface UploadOptions {
  /** A client of the API may also send the picture itself as the body: `Content-Type: image/png`. */
  isAlsoBody?: boolean;
}

const DeclaredUpload = Reflector.createDecorator<{ field: string } & UploadOptions>();

/** The route takes a `multipart/form-data` form (RFC 7578) with at most one file, under this field. */
export const Upload = (field: string, options: UploadOptions = {}) =>
  DeclaredUpload({ field, ...options });

/**
 * The file that came with the form, or null: none was chosen, or the form has no file.
 * Of a file over 2 MiB only the beginning is there, one byte more than `Images` accepts.
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
