import { createHash } from 'node:crypto';
import { createReadStream, openAsBlob } from 'node:fs';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { Logger } from '@nestjs/common';
import { AwsClient } from 'aws4fetch';
import type { StorageFolder } from '../features/names.js';
import {
  ObjectStorage,
  storageUnavailable,
  type ListedObject,
  type StoredFile,
  type StoredObject,
} from './object-storage.js';
import { isKey } from './storage-key.js';

export interface S3Options {
  bucket: string;
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
  /** Endpoint of a provider other than AWS (MinIO, R2, Scaleway …), with scheme and without the bucket. */
  endpoint?: string;
  /** Maximum time of an operation in ms, retries included. */
  timeout?: number;
}

interface Body {
  content: Uint8Array<ArrayBuffer> | Blob;
  hash: string;
}

/** Storage in a bucket of any S3-compatible service: path-style URLs, Signature Version 4. */
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
    const body = { content: new Uint8Array(bytes), hash };
    const response = await this.send('PUT', key, body, contentType);
    if (!response.ok) throw await this.failed('PUT', response);
    await response.body?.cancel();
  }

  async putFile(key: string, path: string, contentType: string): Promise<void> {
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
    const body = { content: await openAsBlob(path), hash: hash.digest('hex') };
    const response = await this.send('PUT', key, body, contentType, FILE_TIMEOUT);
    if (!response.ok) throw await this.failed('PUT', response);
    await response.body?.cancel();
  }

  async open(key: string): Promise<StoredFile | null> {
    if (!isKey(key)) return null;
    const response = await this.send('GET', key, undefined, undefined, FILE_TIMEOUT);
    if (!response.ok || !response.body) {
      const code = await errorCode(response);
      if (code === MISSING) return null;
      throw this.refused('GET', response.status, code);
    }
    const size = Number(response.headers.get('content-length'));
    return { stream: Readable.fromWeb(response.body as ReadableStream), size };
  }

  async get(key: string): Promise<StoredObject | null> {
    if (!isKey(key)) return null;
    const response = await this.send('GET', key);
    if (!response.ok) {
      const code = await errorCode(response);
      if (code === MISSING) return null;
      throw this.refused('GET', response.status, code);
    }
    const contentType = response.headers.get('content-type') ?? 'application/octet-stream';
    return { bytes: await this.read(response), contentType };
  }

  async remove(key: string): Promise<void> {
    const response = await this.send('DELETE', key);
    if (!response.ok) {
      const code = await errorCode(response);
      if (code !== MISSING) throw this.refused('DELETE', response.status, code);
    }
    await response.body?.cancel();
  }

  /** Page by page of a thousand (ListObjectsV2). */
  async *list(folder: StorageFolder): AsyncGenerator<ListedObject> {
    for (let next: string | null = ''; next !== null;) {
      const query = new URLSearchParams({ 'list-type': '2', prefix: `${folder}/` });
      if (next) query.set('continuation-token', next);
      const response = await this.call('GET', `?${query}`);
      if (!response.ok) throw await this.failed('LIST', response);
      const page = (await this.read(response)).toString('utf8');
      for (const [, object = ''] of page.matchAll(/<Contents>(.*?)<\/Contents>/gs)) {
        const key = textOf('Key', object);
        if (isKey(key)) yield { key, storedAt: new Date(textOf('LastModified', object)) };
      }
      next = textOf('NextContinuationToken', page) || null;
    }
  }

  private send(
    method: string,
    key: string,
    body?: Body,
    contentType?: string,
    timeout?: number,
  ): Promise<Response> {
    if (!isKey(key)) throw new TypeError('That is not a key of the storage');
    return this.call(method, `/${key}`, body, contentType, timeout);
  }

  private async call(
    method: string,
    what: string,
    body?: Body,
    contentType?: string,
    timeout = this.timeout,
  ): Promise<Response> {
    const headers = new Headers({ 'x-amz-content-sha256': body?.hash ?? NOTHING });
    if (contentType) headers.set('content-type', contentType);
    try {
      return await this.client.fetch(`${this.bucketUrl}${what}`, {
        method,
        headers,
        ...(body ? { body: body.content } : {}),
        // Redirects are errors: they mean a wrong region or endpoint, where the signature is invalid.
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

/** SHA-256 of no bytes. */
const NOTHING = createHash('sha256').digest('hex');
/** Maximum time to transfer a large file, in ms. */
const FILE_TIMEOUT = 600_000;

/**
 * The only code that means "not found". S3 also answers AccessDenied for missing objects to a key without
 * `s3:ListBucket`, but cannot be told from a policy that forbids reading.
 */
const MISSING = 'NoSuchKey';

/** The `<Code>` of an error response; empty when it is not one of S3. */
async function errorCode(response: Response): Promise<string> {
  const text = await response.text().catch(() => '');
  return /<Code>(\w{1,64})<\/Code>/.exec(text)?.[1] ?? '';
}

/** Text of the first element of that name; empty when there is none. */
function textOf(name: string, xml: string): string {
  const [, text = ''] = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml) ?? [];
  return text.replace(/&(amp|lt|gt|quot|apos);/g, (entity) => ENTITIES[entity] ?? entity);
}

const ENTITIES: Record<string, string> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&apos;': "'",
};
