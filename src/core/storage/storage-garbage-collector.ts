import { Injectable } from '@nestjs/common';
import { ObjectStorage } from './object-storage.js';
import { FOLDERS, type Folder } from './storage-key.js';

/** Those of the keys that a row points to. */
export type InUse = (keys: string[]) => Promise<string[]>;

export interface Swept {
  /** Objects no row points to. */
  orphans: number;
  /** Nothing was removed, since it cannot be right that so many are orphans. */
  isRefused: boolean;
}

/** Somebody may be about to point at an object that is younger, in milliseconds. */
const YOUNG = 24 * 3600 * 1000;
/** Orphans come of crashes, one by one. More than these, and more than what is in use, come of a mistake. */
const MANY = 10;
const BATCH = 1_000;

/**
 * Objects nothing points to: of an upload that was cut off, or of a removal that failed. A key is written
 * into a row within moments or never, so an old object without a row stays one.
 */
@Injectable()
export class StorageGarbageCollector {
  private readonly owners = new Map<Folder, InUse>();

  constructor(private readonly storage: ObjectStorage) {}

  /** Declares who knows what is in use of a folder. One that nobody declares is never swept. */
  ownedBy(folder: Folder, inUse: InUse): void {
    this.owners.set(folder, inUse);
  }

  /**
   * Removes the orphans. When that would be most of what there is, the storage belongs to another
   * database, or the database is not whole: nothing is removed then, unless `isForced`.
   * @throws DomainError `unavailable`
   */
  async sweep({ dryRun = false, isForced = false } = {}): Promise<Swept> {
    const found = await this.count();
    const isRefused = !isForced && found.orphans > Math.max(MANY, found.inUse);
    if (!dryRun && !isRefused) await this.remove();
    return { orphans: found.orphans, isRefused };
  }

  private async count() {
    const found = { orphans: 0, inUse: 0 };
    for await (const { orphans, inUse } of this.batches()) {
      found.orphans += orphans.length;
      found.inUse += inUse;
    }
    return found;
  }

  private async remove(): Promise<void> {
    for await (const { orphans } of this.batches()) {
      for (const key of orphans) await this.storage.remove(key);
    }
  }

  private async *batches() {
    for (const folder of FOLDERS) {
      const inUse = this.owners.get(folder);
      if (!inUse) continue;
      for await (const keys of this.old(folder)) {
        const used = new Set(await inUse(keys));
        yield { orphans: keys.filter((key) => !used.has(key)), inUse: used.size };
      }
    }
  }

  private async *old(folder: Folder): AsyncGenerator<string[]> {
    const before = Date.now() - YOUNG;
    let keys: string[] = [];
    for await (const { key, storedAt } of this.storage.list(folder)) {
      if (storedAt.getTime() < before) keys.push(key);
      if (keys.length < BATCH) continue;
      yield keys;
      keys = [];
    }
    if (keys.length > 0) yield keys;
  }
}
