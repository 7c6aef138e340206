import sharp, { type Sharp, type SharpOptions } from 'sharp';
import { DomainError } from '../errors/domain-error.js';
import type { ImageFolderDeclaration } from '../features/feature.js';
import type { ImageFolder } from '../features/names.js';
import { declared } from '../features/registry.js';
import { sniffImage } from './image-sniffer.js';

/** Maximum size of an upload: 2 MiB. */
export const MAX_IMAGE_BYTES = 2 * 1024 * 1024;
const MAX_MEGAPIXELS = 40;
const MAX_SIDE = 16_384;
const MAX_SECONDS = 10;

/**
 * Converts an accepted image to WebP in the size of its kind: upright, sRGB, first frame, without metadata
 * (place, time, owner).
 * @throws DomainError `invalid`: over 2 MiB, too many pixels, unknown format, or damaged
 */
export async function encodeImage(kind: ImageFolder, bytes: Buffer): Promise<Buffer> {
  if (bytes.length > MAX_IMAGE_BYTES) throw tooLarge(kind);
  if (bytes.length === 0) throw broken(kind);
  const format = sniffImage(bytes);
  if (!format) throw new DomainError('invalid', 'validation.image_type', { field: kind });
  await checkHeader(kind, format, bytes);
  try {
    const image = sharp(bytes, { ...READING, autoOrient: true });
    return await shaped(image, kind).timeout({ seconds: MAX_SECONDS }).toBuffer();
  } catch {
    throw broken(kind);
  }
}

/** Checks the pixel count in the header before anything is decoded. */
async function checkHeader(kind: ImageFolder, format: string, bytes: Buffer): Promise<void> {
  const header = await sharp(bytes, { ...READING, limitInputPixels: false })
    .metadata()
    .catch(() => null);
  if (!header || (header.mediaType ?? `image/${header.format}`) !== format) throw broken(kind);
  const { width, height } = header;
  const megapixels = megapixelsFor(format, header.depth);
  if (width * height > megapixels * 1e6 || Math.max(width, height) > MAX_SIDE) {
    throw tooLarge(kind, megapixels);
  }
}

/**
 * Maximum megapixels, so that decoding takes at most about 240 MB: measured, an interlaced PNG takes 5 bytes
 * per pixel, AVIF 19, and with more than 8 bits per sample 10 and 26.
 */
function megapixelsFor(format: string, depth: string): number {
  const deep = depth !== 'uchar';
  if (format === 'image/avif') return deep ? 9 : 12;
  return deep ? 20 : MAX_MEGAPIXELS;
}

/** `error` accepts files with warnings, which many cameras write, but not truncated ones. */
const READING: SharpOptions = {
  failOn: 'error',
  limitInputPixels: MAX_MEGAPIXELS * 1e6,
  pages: 1,
};

/** As the folder is declared; an image that is smaller is never made larger to be kept whole. */
function shaped(image: Sharp, kind: ImageFolder): Sharp {
  const { fit, side, quality, smartSubsample } = declared(
    'storageFolders',
    kind,
  ) as ImageFolderDeclaration;
  return image
    .resize({ width: side, height: side, fit, withoutEnlargement: fit === 'inside' })
    .webp({ quality, effort: 4, smartSubsample: smartSubsample === true });
}

function tooLarge(field: ImageFolder, megapixels = MAX_MEGAPIXELS): DomainError {
  const args = { max: MAX_IMAGE_BYTES / 1024 / 1024, megapixels };
  return new DomainError('invalid', 'validation.image_too_large', { field, args });
}

function broken(field: ImageFolder): DomainError {
  return new DomainError('invalid', 'validation.image_broken', { field });
}

// One thread and no cache per image, which bounds the memory of concurrent uploads.
sharp.concurrency(1);
sharp.cache(false);
// Disables unused decoders of libvips (SVG, TIFF, PDF …).
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: ['Jpeg', 'Png', 'Webp', 'Nsgif', 'Heif'].map((name) => `VipsForeignLoad${name}Buffer`),
});
