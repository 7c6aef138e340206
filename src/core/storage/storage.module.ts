import { join } from 'node:path';
import { Global, Module } from '@nestjs/common';
import { AppConfig } from '../config/config.js';
import { Archives } from './archives.js';
import { Files } from './files.js';
import { Images } from './images.js';
import { LocalStorage } from './local-storage.js';
import { ObjectStorage } from './object-storage.js';
import { StorageGarbageCollector } from './storage-garbage-collector.js';
import { S3Storage } from './s3-storage.js';

/** Configuration of the storage. */
export interface StorageSettings {
  DATA_DIR: string;
  /** With a bucket, uploads are kept there; without one, in `DATA_DIR/uploads`. */
  S3_BUCKET?: string;
  S3_REGION?: string;
  S3_ENDPOINT?: string;
  S3_ACCESS_KEY_ID?: string;
  S3_SECRET_ACCESS_KEY?: string;
}

export function objectStorage(settings: StorageSettings): ObjectStorage {
  if (!settings.S3_BUCKET) return new LocalStorage(join(settings.DATA_DIR, 'uploads'));
  return new S3Storage({
    bucket: settings.S3_BUCKET,
    region: settings.S3_REGION ?? 'us-east-1',
    accessKeyId: settings.S3_ACCESS_KEY_ID ?? '',
    secretAccessKey: settings.S3_SECRET_ACCESS_KEY ?? '',
    ...(settings.S3_ENDPOINT ? { endpoint: settings.S3_ENDPOINT } : {}),
  });
}

/** Uploaded images and files, and their storage. */
@Global()
@Module({
  providers: [
    Archives,
    Files,
    Images,
    StorageGarbageCollector,
    { provide: ObjectStorage, inject: [AppConfig], useFactory: objectStorage },
  ],
  exports: [Archives, Files, Images, ObjectStorage, StorageGarbageCollector],
})
export class StorageModule {}
