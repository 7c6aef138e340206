import { Injectable, Logger } from '@nestjs/common';
import { UnitOfWork } from '../database/unit-of-work.js';
import type { ImageFolder } from '../features/names.js';
import { encodeImage } from './image-encoder.js';
import { ObjectStorage, storageUnavailable } from './object-storage.js';
import { newKey } from './storage-key.js';
import { Semaphore } from '../utils/semaphore.js';

/** Pictures people give: of themselves, and of their organisation. Made small and safe, then kept. */
@Injectable()
export class Images {
  private readonly log = new Logger('Images');
  /** Decoding takes memory and a thread that sign-in needs too: one image at a time, a short line. */
  private readonly encoding = new Semaphore(1, { length: 20, refusal: storageUnavailable });

  constructor(
    private readonly storage: ObjectStorage,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /**
   * Keeps an uploaded image and returns its key. Takes a while and cannot be rolled back: call it
   * before a unit of work is opened, or use `storeFor`.
   * @throws DomainError `invalid` about the field named like the folder, or `unavailable`
   */
  async store(kind: ImageFolder, bytes: Buffer): Promise<string> {
    const webp = await this.encoding.run(() => encodeImage(kind, bytes));
    const key = newKey(kind);
    await this.storage.put(key, webp, 'image/webp');
    return key;
  }

  /** Keeps an image for `use`, which writes the key down; when that fails, the image goes again. */
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

  /**
   * In a unit of work: nothing will point at `oldKey` any more, so it goes once that is committed.
   * A change that is rolled back keeps its image.
   */
  replace(oldKey: string | null): void {
    if (!oldKey) return;
    this.unitOfWork.afterCommit(() => this.remove(oldKey));
  }

  /** Never throws: an image left behind costs space, a refusal would cost somebody their work. */
  async remove(key: string): Promise<void> {
    try {
      await this.storage.remove(key);
    } catch (error) {
      this.log.warn(`The image ${key} could not be removed: ${(error as Error).message}`);
    }
  }
}
