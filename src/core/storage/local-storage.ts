import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import {
  chmod,
  copyFile,
  lstat,
  mkdir,
  open,
  opendir,
  readFile,
  rename,
  rm,
  writeFile,
  type FileHandle,
} from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Logger } from '@nestjs/common';
import type { StorageFolder } from '../features/names.js';
import {
  ObjectStorage,
  storageUnavailable,
  type ListedObject,
  type StoredFile,
  type StoredObject,
} from './object-storage.js';
import { isKey } from './storage-key.js';

/** Objects as files below one folder, readable by the user the process runs as and by nobody else. */
export class LocalStorage extends ObjectStorage {
  private readonly log = new Logger('Storage');
  private readonly folder: string;

  constructor(folder: string) {
    super();
    this.folder = resolve(folder);
  }

  /** The content type is not stored: the key's extension determines it. */
  async put(key: string, bytes: Buffer): Promise<void> {
    await this.attempt('store', async () => {
      const path = this.pathOf(key);
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await writeWhole(path, (draft) => writeFile(draft, bytes, { flag: 'wx', mode: 0o600 }));
    });
  }

  async putFile(key: string, path: string): Promise<void> {
    await this.attempt('store', async () => {
      const target = this.pathOf(key);
      await mkdir(dirname(target), { recursive: true, mode: 0o700 });
      await writeWhole(target, (draft) => copyFile(path, draft, constants.COPYFILE_EXCL));
    });
  }

  async open(key: string): Promise<StoredFile | null> {
    if (!isKey(key)) return null;
    return this.attempt('read', async () => {
      const file = await openIfThere(this.pathOf(key));
      return file && { stream: file.createReadStream(), size: (await file.stat()).size };
    });
  }

  async get(key: string): Promise<StoredObject | null> {
    if (!isKey(key)) return null;
    return this.attempt('read', async () => {
      const bytes = await readIfThere(this.pathOf(key));
      return bytes && { bytes, contentType: 'image/webp' };
    });
  }

  async remove(key: string): Promise<void> {
    await this.attempt('remove', () => rm(this.pathOf(key), { force: true }));
  }

  /** Lists drafts left by a crash too: they can be deleted, never read. */
  async *list(folder: StorageFolder): AsyncGenerator<ListedObject> {
    const path = join(this.folder, folder);
    const names = await this.attempt('list', () => ifThere(() => opendir(path)));
    if (!names) return;
    for await (const { name } of names) {
      const key = `${folder}/${name}`;
      if (!isKey(key) && !isDraft(key)) continue;
      const file = await this.attempt('list', () => ifThere(() => lstat(join(path, name))));
      if (file) yield { key, storedAt: file.mtime };
    }
  }

  private pathOf(key: string): string {
    if (!isKey(key) && !isDraft(key)) throw new TypeError('That is not a key of the storage');
    return join(this.folder, key);
  }

  /** Logs the cause (full disk, missing permission, lost mount) and answers `unavailable`. */
  private async attempt<T>(what: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof TypeError) throw error;
      this.log.error(`Could not ${what} a file in ${this.folder}: ${(error as Error).message}`);
      throw storageUnavailable();
    }
  }
}

function isDraft(key: string): boolean {
  const [, whole] = /^(.+)\.[0-9a-f]{12}\.tmp$/.exec(key) ?? [];
  return whole !== undefined && isKey(whole);
}

/** Writes a draft, flushes and renames it: after a crash the file is complete or absent. */
async function writeWhole(path: string, write: (draft: string) => Promise<void>): Promise<void> {
  const draft = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await write(draft);
    await chmod(draft, 0o600);
    const file = await open(draft, 'r+');
    try {
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined);
    throw error;
  }
  await syncFolder(dirname(path));
}

/** Flushes the folder, without which the rename is not durable. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function readIfThere(path: string): Promise<Buffer | null> {
  return ifThere(() => readFile(path, { flag: READ }));
}

function openIfThere(path: string): Promise<FileHandle | null> {
  return ifThere(() => open(path, READ));
}

/** Does not follow symbolic links. */
const READ = constants.O_RDONLY | constants.O_NOFOLLOW;

async function ifThere<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP') return null;
    throw error;
  }
}
