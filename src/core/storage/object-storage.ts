import type { Readable } from 'node:stream';
import { DomainError } from '../errors/domain-error.js';
import type { StorageFolder } from '../features/names.js';

/** A file to be sent on without being held in memory. */
export interface StoredFile {
  stream: Readable;
  /** Bytes. */
  size: number;
}

export interface StoredObject {
  bytes: Buffer;
  /** Media type (RFC 9110 §8.3.1). */
  contentType: string;
}

export interface ListedObject {
  key: string;
  storedAt: Date;
}

/**
 * Where uploaded files are kept, under the keys of `storage-key.ts`: a local folder, or a bucket.
 * Every method refuses with `unavailable` when the storage does not work; the reason is logged.
 */
export abstract class ObjectStorage {
  /** The object is durable and complete once this returns; nobody ever reads half of it. */
  abstract put(key: string, bytes: Buffer, contentType: string): Promise<void>;

  /** The same for a file of this machine, of any size. */
  abstract putFile(key: string, path: string, contentType: string): Promise<void>;

  /** Null when there is no such object. */
  abstract open(key: string): Promise<StoredFile | null>;

  /** Null when there is no such object, or when `key` is not a key. */
  abstract get(key: string): Promise<StoredObject | null>;

  /** Removing what is not there is no error. */
  abstract remove(key: string): Promise<void>;

  /** Every object of a folder, in no order. What comes or goes meanwhile is among them, or not. */
  abstract list(folder: StorageFolder): AsyncIterable<ListedObject>;
}

export function storageUnavailable(): DomainError {
  return new DomainError('unavailable', 'errors.storage_unavailable', { retryAfter: 30 });
}
