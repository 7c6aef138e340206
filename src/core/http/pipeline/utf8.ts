import { transcode } from 'node:buffer';

/** Two bytes a unit: pages are some 20 kB. */
const scratch = Buffer.allocUnsafeSlow(512 * 1024);

/**
 * The bytes of a page. `Buffer.from` goes through text beyond Latin-1 character by character (a curly
 * quote makes it such), and an answer would be measured and encoded so three times; this path is SIMD.
 */
export function utf8(text: string): Buffer {
  if (text.length * 2 > scratch.length) return Buffer.from(text);
  try {
    return transcode(scratch.subarray(0, scratch.write(text, 'utf16le')), 'utf16le', 'utf8');
  } catch {
    // Half a surrogate pair: what cannot be encoded is replaced (U+FFFD).
    return Buffer.from(text);
  }
}
