import { createHash } from 'node:crypto';
import { createReadStream, openAsBlob } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { Logger } from '@nestjs/common';
import { AwsClient } from 'aws4fetch';
import {
  ObjectStorage,
  storageUnavailable,
  type OpenedObject,
  type StoredObject,
} from './object-storage.js';
import { isKey } from './storage-key.js';

export interface S3Options {
  bucket: string;
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
  /** Of another provider than AWS (MinIO, R2, Scaleway …), with scheme and without the bucket. */
  endpoint?: string;
  /** Milliseconds one operation may take, repetitions included. */
  timeout?: number;
}

/** Objects in a bucket of any S3-compatible service: path-style addresses, Signature Version 4. */
export class S3Storage extends ObjectStorage {
  private readonly log = new Logger('Storage');
  private readonly client: AwsClient;
  private readonly bucketUrl: string;
  private readonly timeout: number;

  constructor({ bucket, region, endpoint, timeout = 10_000, ...credentials }: S3Options) {
    super();
    const host = endpoint ?? `https://s3.${region}.amazonaws.com`;
    this.bucketUrl = `${host.replace(/\/+$/, '')}/${bucket}`;
    this.timeout = timeout;
    this.client = new AwsClient({ ...credentials, region, service: 's3', retries: 2 });
  }

  async put(key: string, bytes: Buffer, contentType: string): Promise<void> {
    const hash = createHash('sha256').update(bytes).digest('hex');
    await this.store(key, { bytes: new Uint8Array(bytes), hash, contentType }, this.timeout);
  }

  async putFile(key: string, path: string, contentType: string): Promise<void> {
    const sum = createHash('sha256');
    await pipeline(createReadStream(path), sum);
    const bytes = await openAsBlob(path);
    await this.store(key, { bytes, hash: sum.digest('hex'), contentType }, FILE_TIMEOUT);
  }

  async get(key: string): Promise<StoredObject | null> {
    const response = await this.fetched(key, this.timeout);
    if (!response) return null;
    const contentType = response.headers.get('content-type') ?? 'application/octet-stream';
    return { bytes: await this.read(response), contentType };
  }

  async open(key: string): Promise<OpenedObject | null> {
    const response = await this.fetched(key, FILE_TIMEOUT);
    if (!response?.body) return null;
    const stream = Readable.fromWeb(response.body as ReadableStream);
    return { stream, size: Number(response.headers.get('content-length')) };
  }

  async remove(key: string): Promise<void> {
    const response = await this.send('DELETE', key, this.timeout);
    if (!response.ok) {
      const code = await errorCode(response);
      if (code !== 'NoSuchKey') throw this.refused('DELETE', response.status, code);
    }
    await response.body?.cancel();
  }

  private async store(key: string, content: Content, timeout: number): Promise<void> {
    const response = await this.send('PUT', key, timeout, content);
    if (!response.ok) throw await this.failed('PUT', response);
    await response.body?.cancel();
  }

  private async fetched(key: string, timeout: number): Promise<Response | null> {
    if (!isKey(key)) return null;
    const response = await this.send('GET', key, timeout);
    if (response.ok) return response;
    const code = await errorCode(response);
    if (MISSING.has(code)) return null;
    throw this.refused('GET', response.status, code);
  }

  private async send(
    method: string,
    key: string,
    timeout: number,
    content?: Content,
  ): Promise<Response> {
    if (!isKey(key)) throw new TypeError('That is not a key of the storage');
    const headers = new Headers({ 'x-amz-content-sha256': content?.hash ?? EMPTY });
    if (content) headers.set('content-type', content.contentType);
    try {
      return await this.client.fetch(`${this.bucketUrl}/${key}`, {
        method,
        headers,
        ...(content ? { body: content.bytes } : {}),
        // A redirect means a wrong region or endpoint: the signature would not hold there.
        redirect: 'manual',
        signal: AbortSignal.timeout(timeout),
      });
    } catch (error) {
      throw this.unreachable(method, error);
    }
  }

  private async read(response: Response): Promise<Buffer> {
    try {
      return Buffer.from(await response.arrayBuffer());
    } catch (error) {
      throw this.unreachable('GET', error);
    }
  }

  private async failed(method: string, response: Response): Promise<Error> {
    return this.refused(method, response.status, await errorCode(response));
  }

  private refused(method: string, status: number, code: string): Error {
    this.log.error(`${method} in ${this.bucketUrl} was refused: ${status} ${code}`);
    return storageUnavailable();
  }

  private unreachable(method: string, error: unknown): Error {
    const { message, cause } = error as Error;
    const reason = cause instanceof Error ? cause.message : '';
    this.log.error(`${method} in ${this.bucketUrl} failed: ${message} ${reason}`.trimEnd());
    return storageUnavailable();
  }
}

interface Content {
  bytes: Uint8Array<ArrayBuffer> | Blob;
  /** SHA-256, in hexadecimal. */
  hash: string;
  contentType: string;
}

const EMPTY = createHash('sha256').digest('hex');

/** Milliseconds a big file may be on its way. */
const FILE_TIMEOUT = 30 * 60_000;

/** Without the right to list the bucket, S3 answers AccessDenied for an object that is not there. */
const MISSING = new Set(['NoSuchKey', 'AccessDenied']);

/** The `<Code>` of an error answer; empty when it is no S3 that speaks. */
async function errorCode(response: Response): Promise<string> {
  const text = await response.text().catch(() => '');
  return /<Code>(\w{1,64})<\/Code>/.exec(text)?.[1] ?? '';
}
