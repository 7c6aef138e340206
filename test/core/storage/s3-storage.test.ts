import { allow } from '../../support/limits.js';
import { jest } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { S3Storage, type S3Options } from '../../../src/core/storage/s3-storage.js';
import { objectStorage } from '../../../src/core/storage/storage.module.js';
import { newKey } from '../../../src/core/storage/storage-key.js';
import { BUCKET, CREDENTIALS, FakeS3, REGION } from './fake-s3.js';
import { listed } from './listed.js';
import '../../../src/features.js';

const bytes = Buffer.from([0, 255, 128, 10, 13, 7]);
const unavailable = { kind: 'unavailable', key: 'errors.storage_unavailable' };
let service: FakeS3;
let endpoint: string;
let logged: jest.SpiedFunction<Logger['error']>;

beforeEach(async () => {
  service = new FakeS3();
  endpoint = await service.listen();
  logged = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
});
afterEach(async () => {
  jest.restoreAllMocks();
  await service.close();
});

function bucket(options: Partial<S3Options> = {}): S3Storage {
  return new S3Storage({ bucket: BUCKET, region: REGION, endpoint, ...CREDENTIALS, ...options });
}

describe('A bucket of uploads', () => {
  it('gives back what was put into it, until it is removed', async () => {
    const storage = bucket();
    const key = newKey('avatar');
    expect(await storage.get(key)).toBeNull();
    await storage.put(key, bytes, 'image/webp');
    expect(service.objects.get(key)).toEqual({ bytes, contentType: 'image/webp' });
    expect(await storage.get(key)).toEqual({ bytes, contentType: 'image/webp' });
    await storage.remove(key);
    await storage.remove(key);
    expect(await storage.get(key)).toBeNull();
    expect(service.requests[1]).toBe(`PUT /${BUCKET}/${key}`);
    expect(logged).not.toHaveBeenCalled();
  });

  it('keeps a file too big for memory, and gives it back as a stream', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'atrium-s3-'));
    const [storage, key, path] = [bucket(), newKey('export'), join(folder, 'archive')];
    await writeFile(path, Buffer.alloc(3_000_000, 'x'));
    expect(await storage.open(key)).toBeNull();
    // Retried after a 503.
    service.next.push({ status: 503, code: 'SlowDown' });
    await storage.putFile(key, path, 'application/zip');
    expect(service.objects.get(key)?.contentType).toBe('application/zip');
    const { stream, size } = (await storage.open(key))!;
    expect(size).toBe(3_000_000);
    expect(Buffer.concat(await stream.toArray())).toHaveLength(size);
    await rm(folder, { recursive: true });
  });

  it('lists what a folder holds, page by page, and says since when', async () => {
    const storage = bucket();
    const keys = [1, 2, 3, 4, 5].map(() => newKey('avatar'));
    for (const key of [...keys, newKey('logo')]) await storage.put(key, bytes, 'image/webp');
    service.objects.set('avatar/not-ours.txt', { bytes, contentType: 'text/plain' });
    const at = new Date('2026-01-02T03:04:05.678Z');
    for (const key of keys) service.objects.get(key)!.at = at;
    const all = await listed(storage, 'avatar');
    expect(all).toEqual(keys.sort().map((key) => ({ key, storedAt: at })));
    expect(await listed(storage, 'export')).toEqual([]);
    service.next.push({ status: 403, code: 'AccessDenied' });
    await expect(listed(storage, 'avatar')).rejects.toMatchObject(unavailable);
  });

  it('is chosen by configuration', async () => {
    const storage = objectStorage({
      DATA_DIR: './data',
      S3_BUCKET: BUCKET,
      S3_REGION: REGION,
      S3_ENDPOINT: `${endpoint}/`,
      S3_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
      S3_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
    });
    const key = newKey('logo');
    await storage.put(key, bytes, 'image/webp');
    expect((await storage.get(key))?.bytes).toEqual(bytes);
  });

  it.each([
    ['the secret', { secretAccessKey: 'another' }, 'SignatureDoesNotMatch'],
    ['the key', { accessKeyId: 'AKOTHER' }, 'InvalidAccessKeyId'],
    ['the region', { region: 'us-east-1' }, 'PermanentRedirect'],
    ['the bucket', { bucket: 'elsewhere' }, 'NoSuchBucket'],
  ])('is unavailable when %s is wrong, and the log says why', async (_, wrong, code) => {
    const storage = bucket(wrong);
    await expect(storage.put(newKey('avatar'), bytes, 'image/webp')).rejects.toMatchObject(
      unavailable,
    );
    await expect(storage.get(newKey('avatar'))).rejects.toMatchObject(unavailable);
    await expect(storage.remove(newKey('avatar'))).rejects.toMatchObject(unavailable);
    expect(logged).toHaveBeenCalledTimes(3);
    for (const [message] of logged.mock.calls) {
      expect(message).toContain(code);
      expect(message).not.toContain(CREDENTIALS.secretAccessKey);
    }
  });

  it('says "not there" of an unknown object only: one that may not be read is a policy to put right', async () => {
    expect(await bucket().get(newKey('avatar'))).toBeNull();
    expect(await bucket().open(newKey('avatar'))).toBeNull();
    expect(logged).not.toHaveBeenCalled();
    const denied = { status: 403, code: 'AccessDenied' };
    service.next.push(denied, denied);
    await expect(bucket().get(newKey('avatar'))).rejects.toMatchObject(unavailable);
    await expect(bucket().open(newKey('avatar'))).rejects.toMatchObject(unavailable);
    expect(logged.mock.calls).toEqual([
      [expect.stringContaining('403 AccessDenied')],
      [expect.stringContaining('403 AccessDenied')],
    ]);
  });

  it('is retried when overloaded, a limited number of times', async () => {
    const key = newKey('avatar');
    service.next.push({ status: 503, code: 'SlowDown' });
    await bucket().put(key, bytes, 'image/webp');
    expect(service.objects.has(key)).toBe(true);

    const failure = { status: 500, code: 'InternalError' };
    service.next.push(failure, failure, failure);
    await expect(bucket().get(key)).rejects.toMatchObject(unavailable);
  });

  it('times out when it hangs or is unreachable', async () => {
    service.next.push('silence');
    const started = performance.now();
    await expect(bucket({ timeout: 200 }).get(newKey('avatar'))).rejects.toMatchObject(unavailable);
    expect(performance.now() - started).toBeLessThan(allow(5_000));
    const nowhere = bucket({ endpoint: 'http://127.0.0.1:9' });
    await expect(nowhere.get(newKey('avatar'))).rejects.toMatchObject(unavailable);
  });

  it('is never queried for an invalid key', async () => {
    for (const key of ['../other-bucket/x', 'avatar/%2e%2e/x.webp', '', '?acl']) {
      expect(await bucket().get(key)).toBeNull();
      await expect(bucket().put(key, bytes, 'image/webp')).rejects.toThrow('not a key');
      await expect(bucket().remove(key)).rejects.toThrow('not a key');
    }
    expect(service.requests).toEqual([]);
  });
});
