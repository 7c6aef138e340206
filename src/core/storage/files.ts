import { rename, rm } from 'node:fs/promises';
import { Injectable, Logger } from '@nestjs/common';
import { DomainError } from '../errors/domain-error.js';
import type { FileFolder } from '../features/names.js';
import { ObjectStorage, storageUnavailable, type StoredFile } from './object-storage.js';
import { newKey } from './storage-key.js';

/** Stores files as they were uploaded. They have no public URL: `sendFile` answers who may read them. */
@Injectable()
export class Files {
  private readonly log = new Logger('Files');

  constructor(private readonly storage: ObjectStorage) {}

  /**
   * Stores the file at `path` for `use`, which writes the key to a row; deletes it when that is refused. Slow and not
   * transactional: call it before a unit of work.
   * @throws DomainError `unavailable`
   */
  async storeFor<T>(
    folder: FileFolder,
    path: string,
    use: (key: string) => Promise<T>,
  ): Promise<T> {
    const key = newKey(folder);
    await this.put(key, path);
    try {
      return await use(key);
    } catch (error) {
      // After any other error the row may be there: a connection can be lost while it is committed.
      if (error instanceof DomainError) await this.remove(key);
      throw error;
    }
  }

  /** Under a name of its own: an upload is removed as soon as its sender has left (`multipart-form.ts`). */
  private async put(key: string, path: string): Promise<void> {
    const held = `${path}-held`;
    await rename(path, held).catch(() => {
      throw storageUnavailable();
    });
    try {
      await this.storage.putFile(key, held, 'application/octet-stream');
    } finally {
      await rm(held, { force: true });
    }
  }

  /** Null when it is gone. @throws DomainError `unavailable` */
  open(key: string): Promise<StoredFile | null> {
    return this.storage.open(key);
  }

  /** A file that remains only costs space, until the garbage is collected. */
  async remove(key: string): Promise<void> {
    try {
      await this.storage.remove(key);
    } catch (error) {
      this.log.warn(`The file ${key} could not be removed: ${(error as Error).message}`);
    }
  }
}
