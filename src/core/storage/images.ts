import { Injectable, Logger } from '@nestjs/common';
import { UnitOfWork } from '../database/unit-of-work.js';
import type { ImageFolder } from '../features/names.js';
import { encodeImage } from './image-encoder.js';
import { ObjectStorage, storageUnavailable } from './object-storage.js';
import { newKey } from './storage-key.js';
import { Semaphore } from '../utils/semaphore.js';

/** Stores avatars and logos, re-encoded. */
@Injectable()
export class Images {
  private readonly log = new Logger('Images');
  /**
   * Encodes one image at a time, with a bounded queue: it takes memory and a pool thread, which password
   * hashing needs too.
   */
  private readonly encoding = new Semaphore(1, { length: 20, refusal: storageUnavailable });

  constructor(
    private readonly storage: ObjectStorage,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /**
   * Stores an uploaded image and returns its key. Slow and not transactional: call it before a unit of work,
   * or use `storeFor`.
   * @throws DomainError `invalid` about the field named like the kind, or `unavailable`
   */
  async store(kind: ImageFolder, bytes: Buffer): Promise<string> {
    const webp = await this.encoding.run(() => encodeImage(kind, bytes));
    const key = newKey(kind);
    await this.storage.put(key, webp, 'image/webp');
    return key;
  }

  /** Stores an image for `use`, which writes the key to a row; deletes the image when that fails. */
  async storeFor<T>(
    kind: ImageFolder,
    bytes: Buffer,
    use: (key: string) => Promise<T>,
  ): Promise<T> {
    const key = await this.store(kind, bytes);
    try {
      return await use(key);
    } catch (error) {
      await this.remove(key);
      throw error;
    }
  }

  /** Deletes `oldKey` after the open unit of work was committed. */
  replace(oldKey: string | null): void {
    if (!oldKey) return;
    this.unitOfWork.afterCommit(() => this.remove(oldKey));
  }

  /** Never throws: an image that remains only costs space. */
  async remove(key: string): Promise<void> {
    try {
      await this.storage.remove(key);
    } catch (error) {
      this.log.warn(`The image ${key} could not be removed: ${(error as Error).message}`);
    }
  }
}
