import { SetMetadata, createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Reflector } from '@nestjs/core';
import type { Request } from 'express';

const UPLOAD = 'atrium:upload';

/** The route takes a `multipart/form-data` form (RFC 7578) with at most one file, under this field. */
export const Upload = (field: string) => SetMetadata(UPLOAD, field);

/**
 * The file that came with the form, or null: none was chosen, or the form has no file.
 * Of a file over 2 MiB only the beginning is there, one byte more than `Images` accepts.
 */
export const UploadedImage = createParamDecorator(
  (_: unknown, context: ExecutionContext): Buffer | null =>
    context.switchToHttp().getRequest<Request>().file?.buffer ?? null,
);

export function uploadFieldOf(reflector: Reflector, context: ExecutionContext): string | undefined {
  return reflector.get<string | undefined>(UPLOAD, context.getHandler());
}
