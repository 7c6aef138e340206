import { randomBytes } from 'node:crypto';
import type { StorageFolder } from '../features/names.js';
import { declared, merged } from '../features/registry.js';

/** How the name of a file ends, by what its folder holds. */
const ENDINGS = { images: 'webp', archives: 'zip' } as const;

/** The folder a feature declares in `storageFolders`, a name, an ending. */
const KEY = /^([a-z_]+)\/[0-9a-f]{32}\.([a-z]+)$/;

/** A new key: 128 random bits, so nobody guesses one, and nothing in it comes from outside. */
export function newKey(folder: StorageFolder): string {
  const { holds } = declared('storageFolders', folder);
  return `${folder}/${randomBytes(16).toString('hex')}.${ENDINGS[holds]}`;
}

/** Whether `text` is a key of an image: only those have an address of their own. */
export function isImageKey(text: string): boolean {
  return isKey(text, 'images');
}

/** Whether `text` is a key of ours. Every way into a storage asks this first: no other path exists. */
export function isKey(text: string, kind?: keyof typeof ENDINGS): boolean {
  const [, folder = '', ending] = KEY.exec(text) ?? [];
  const holds = merged('storageFolders').get(folder)?.holds;
  return holds !== undefined && ending === ENDINGS[holds] && (!kind || kind === holds);
}
