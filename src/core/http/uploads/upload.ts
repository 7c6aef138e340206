import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';

interface UploadOptions {
  /**
   * A file of at most so many bytes, which is not held in memory (`UploadedFile`). Absent: a picture of at most 2 MiB
   * (`UploadedImage`).
   */
  maxBytes?: number;
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

/** A file that was sent. It is removed when the request is over; `Files.storeFor` takes it away. */
export interface UploadedFile {
  /** As the sender calls it. */
  name: string;
  /** Bytes that were sent; of a file over the limit no more than that and one are at `path`. */
  size: number;
  path: string;
}

/** The uploaded file, or null when none was chosen or the form has none. */
export const UploadedFile = createParamDecorator(
  (_: unknown, context: ExecutionContext): UploadedFile | null => {
    const { file } = context.switchToHttp().getRequest<Request>();
    return file ? { name: file.originalname, size: file.size, path: file.path } : null;
  },
);

export function uploadOf(
  reflector: Reflector,
  context: ExecutionContext,
): ({ field: string } & UploadOptions) | undefined {
  return reflector.get(DeclaredUpload, context.getHandler());
}
