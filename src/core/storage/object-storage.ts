import type { Readable } from 'node:stream';
import { DomainError } from '../errors/domain-error.js';
import type { StorageFolder } from '../features/names.js';

/** A stored file as a stream. */
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
 * Storage of uploaded files, by the keys of `storage-key.ts`: a local folder or a bucket. Every method throws
 * `unavailable` when the storage fails; the cause is logged.
 */
export abstract class ObjectStorage {
  /** Stores an object; durable and complete on return, never partially readable. */
  abstract put(key: string, bytes: Buffer, contentType: string): Promise<void>;

  /** Stores a local file of any size. */
  abstract putFile(key: string, path: string, contentType: string): Promise<void>;

  /** Null when there is no such object. */
  abstract open(key: string): Promise<StoredFile | null>;

  /** Null when there is no such object, or when `key` is not a key. */
  abstract get(key: string): Promise<StoredObject | null>;

  /** Deletes an object; idempotent. */
  abstract remove(key: string): Promise<void>;

  /** All objects of a folder, unordered; concurrent changes may or may not be included. */
  abstract list(folder: StorageFolder): AsyncIterable<ListedObject>;
}

export function storageUnavailable(): DomainError {
  return new DomainError('unavailable', 'errors.storage_unavailable', { retryAfter: 30 });
}
