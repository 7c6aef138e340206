import { Injectable, Logger } from '@nestjs/common';
import type { StorageFolder } from '../features/names.js';
import { ObjectStorage, type StoredFile } from './object-storage.js';
import { newKey } from './storage-key.js';

/** Stores downloadable archives, which have no public URL. */
@Injectable()
export class Archives {
  private readonly log = new Logger('Archives');

  constructor(private readonly storage: ObjectStorage) {}

  /** Stores the ZIP file at `path` and returns its key. */
  async store(folder: StorageFolder, path: string): Promise<string> {
    const key = newKey(folder);
    await this.storage.putFile(key, path, 'application/zip');
    return key;
  }

  open(key: string): Promise<StoredFile | null> {
    return this.storage.open(key);
  }

  /** Never throws: a file that remains only costs space. */
  async remove(key: string): Promise<void> {
    try {
      await this.storage.remove(key);
    } catch (error) {
      this.log.warn(`The archive ${key} could not be removed: ${(error as Error).message}`);
    }
  }
}
