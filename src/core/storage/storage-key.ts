import { randomBytes } from 'node:crypto';

/** What images are for. The first folder of a key, and the name of the form field they come in. */
export type ImageKind = 'avatar' | 'logo';

const IMAGE = /^(avatar|logo)\/[0-9a-f]{32}\.webp$/;
const ARCHIVE = /^export\/[0-9a-f]{32}\.zip$/;

/** A new key: 128 random bits, so nobody guesses one, and nothing in it comes from outside. */
export function newKey(kind: ImageKind | 'export'): string {
  return `${kind}/${randomBytes(16).toString('hex')}.${kind === 'export' ? 'zip' : 'webp'}`;
}

/** Whether `text` is a key of ours. Every way into a storage asks this first: no other path exists. */
export function isKey(text: string): boolean {
  return isImageKey(text) || ARCHIVE.test(text);
}

/** Images are for whoever has the address; everything else is behind a page that asks who it is. */
export function isImageKey(text: string): boolean {
  return IMAGE.test(text);
}
