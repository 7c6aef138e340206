import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { StorageFolder } from '../features/names.js';
import { declaredIn, merged } from '../features/registry.js';
import { ObjectStorage } from './object-storage.js';

/** Returns those of the keys that a row refers to. */
export type InUse = (keys: string[]) => Promise<string[]>;

export interface Swept {
  /** Objects that no row refers to. */
  orphans: number;
  /** Nothing was deleted because implausibly many objects are unused. */
  isRefused: boolean;
}

/** Minimum age in ms: a row may still be written for a younger object. */
const YOUNG = 24 * 3600 * 1000;
/** Number of unused objects above which, if they outnumber used ones, a mistake is assumed. */
const MANY = 10;
const BATCH = 1_000;

/**
 * Deletes objects that no row refers to, left by an aborted upload or a failed removal. A key is written to a
 * row within moments or never, so an old object without a row stays unused.
 */
@Injectable()
export class StorageGarbageCollector implements OnApplicationBootstrap {
  private readonly owners = new Map<StorageFolder, InUse>();

  constructor(private readonly storage: ObjectStorage) {}

  /** @throws Error when nobody knows what is in use of a folder: nothing of it could ever be removed */
  onApplicationBootstrap(): void {
    for (const folder of merged('storageFolders').keys()) {
      if (this.owners.has(folder as StorageFolder)) continue;
      throw new Error(
        `${declaredIn('storageFolders', folder)}: nobody knows which files of the folder "${folder}" are in use: call StorageGarbageCollector.ownedBy('${folder}', …) in onModuleInit of a service`,
      );
    }
  }

  /** Registers who knows what is in use of a folder. */
  ownedBy(folder: StorageFolder, inUse: InUse): void {
    this.owners.set(folder, inUse);
  }

  /** Those of the keys, of any folders, that no row refers to. */
  async unused(keys: readonly string[]): Promise<string[]> {
    const unused: string[] = [];
    for (const [folder, inUse] of this.owners) {
      const ofFolder = keys.filter((key) => key.startsWith(`${folder}/`));
      if (ofFolder.length > 0) unused.push(...(await unusedOf(ofFolder, inUse)));
    }
    return unused;
  }

  /**
   * Deletes unused objects. When they are the majority, the storage probably belongs to another database or
   * the database is incomplete: nothing is deleted then, unless `isForced`.
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
    for (const [folder, inUse] of this.owners) {
      for await (const keys of this.old(folder)) {
        const orphans = await unusedOf(keys, inUse);
        yield { orphans, inUse: keys.length - orphans.length };
      }
    }
  }

  private async *old(folder: StorageFolder): AsyncGenerator<string[]> {
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

async function unusedOf(keys: string[], inUse: InUse): Promise<string[]> {
  const used = new Set(await inUse(keys));
  return keys.filter((key) => !used.has(key));
}
