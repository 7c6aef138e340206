import { randomBytes } from 'node:crypto';

/** The first folder of a key: what the object is. */
export const FOLDERS = ['avatar', 'logo', 'export'] as const;
export type Folder = (typeof FOLDERS)[number];

/** What images are for. The first folder of a key, and the name of the form field they come in. */
export type ImageKind = Exclude<Folder, 'export'>;

const IMAGE = /^(avatar|logo)\/[0-9a-f]{32}\.webp$/;
const ARCHIVE = /^export\/[0-9a-f]{32}\.zip$/;

/** A new key: 128 random bits, so nobody guesses one, and nothing in it comes from outside. */
export function newKey(kind: ImageKind): string {
  return `${kind}/${randomBytes(16).toString('hex')}.webp`;
}

/** The same for a file somebody takes away. */
export function newArchiveKey(): string {
  return `export/${randomBytes(16).toString('hex')}.zip`;
}

/** Whether `text` is a key of an image: only those have an address of their own. */
export function isImageKey(text: string): boolean {
  return IMAGE.test(text);
}

/** Whether `text` is a key of ours. Every way into a storage asks this first: no other path exists. */
export function isKey(text: string): boolean {
  return IMAGE.test(text) || ARCHIVE.test(text);
}
