import { randomBytes } from 'node:crypto';
import type { StorageFolder } from '../features/names.js';
import { declared, merged } from '../features/registry.js';

/** How the name of a file ends, by what its folder holds. */
const ENDINGS = { images: 'webp', archives: 'zip', files: 'bin' } as const;

/** The folder a feature declares in `storageFolders`, a name, an ending. */
const KEY = /^([a-z_]+)\/[0-9a-f]{32}\.([a-z]+)$/;

/** A new key with 128 random bits, without user input. */
export function newKey(folder: StorageFolder): string {
  const { holds } = declared('storageFolders', folder);
  return `${folder}/${randomBytes(16).toString('hex')}.${ENDINGS[holds]}`;
}

/** Whether `text` is an image key; only these have a public URL. */
export function isImageKey(text: string): boolean {
  return isKey(text, 'images');
}

/** Whether `text` is a valid key. Checked before every access, so no other path can be reached. */
export function isKey(text: string, kind?: keyof typeof ENDINGS): boolean {
  const [, folder = '', ending] = KEY.exec(text) ?? [];
  const holds = merged('storageFolders').get(folder)?.holds;
  return holds !== undefined && ending === ENDINGS[holds] && (!kind || kind === holds);
}
