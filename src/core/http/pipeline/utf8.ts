import { transcode } from 'node:buffer';

/** Buffer of two bytes per UTF-16 unit; pages have about 20 kB. */
const scratch = Buffer.allocUnsafeSlow(512 * 1024);

/**
 * Encodes a page as UTF-8. `Buffer.from` handles text beyond Latin-1 character by character (a curly quote
 * suffices) and would measure and encode it three times; this path uses SIMD.
 */
export function utf8(text: string): Buffer {
  if (text.length * 2 > scratch.length) return Buffer.from(text);
  try {
    return transcode(scratch.subarray(0, scratch.write(text, 'utf16le')), 'utf16le', 'utf8');
  } catch {
    // A lone surrogate is replaced by U+FFFD.
    return Buffer.from(text);
  }
}
