import { jest } from '@jest/globals';
import { mkdir, mkdtemp, readdir, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { LocalStorage } from '../../../src/core/storage/local-storage.js';
import { newKey } from '../../../src/core/storage/storage-key.js';
import { listed } from './listed.js';
import '../../../src/features.js';

const bytes = Buffer.from('the bytes of an image');
let root: string;
let storage: LocalStorage;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'atrium-uploads-'));
  storage = new LocalStorage(join(root, 'data', 'uploads'));
  jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
});
afterEach(async () => {
  jest.restoreAllMocks();
  await rm(root, { recursive: true, force: true });
});

describe('A local folder of uploads', () => {
  it('gives back what was put into it, until it is removed', async () => {
    const key = newKey('avatar');
    expect(await storage.get(key)).toBeNull();
    await storage.put(key, bytes);
    expect(await storage.get(key)).toEqual({ bytes, contentType: 'image/webp' });
    await storage.put(key, Buffer.from('again'));
    expect((await storage.get(key))?.bytes.toString()).toBe('again');
    await storage.remove(key);
    await storage.remove(key);
    expect(await storage.get(key)).toBeNull();
  });

  it('keeps a file too big for memory, and gives it back as a stream', async () => {
    const [key, path] = [newKey('export'), join(root, 'archive')];
    await writeFile(path, Buffer.alloc(3_000_000, 'x'), { mode: 0o644 });
    expect(await storage.open(key)).toBeNull();
    await storage.putFile(key, path);
    const { stream, size } = (await storage.open(key))!;
    expect(size).toBe(3_000_000);
    expect(Buffer.concat(await stream.toArray())).toHaveLength(size);
    const folder = join(root, 'data', 'uploads', 'export');
    expect(await readdir(folder)).toHaveLength(1);
    expect((await stat(join(folder, '..', key))).mode & 0o777).toBe(0o600);
    expect(await storage.open('../../archive')).toBeNull();
    await expect(storage.putFile('../archive', path)).rejects.toThrow('not a key');
  });

  it('lists what a folder holds, and a draft that a crash left behind', async () => {
    const [key, other] = [newKey('avatar'), newKey('avatar')];
    await storage.put(key, bytes);
    await storage.put(newKey('logo'), bytes);
    const folder = join(root, 'data', 'uploads', 'avatar');
    const draft = `${other}.0123456789ab.tmp`;
    await writeFile(join(folder, '..', draft), 'half');
    await writeFile(join(folder, 'notes.txt'), 'somebody else’s');
    const at = new Date('2026-01-02T03:04:05Z');
    await utimes(join(folder, '..', key), at, at);
    const all = await listed(storage, 'avatar');
    expect(all.map((each) => each.key).sort()).toEqual([key, draft].sort());
    expect(all.find((each) => each.key === key)?.storedAt).toEqual(at);
    expect(await listed(storage, 'export')).toEqual([]);
    expect(await storage.get(draft)).toBeNull();
    await storage.remove(draft);
    expect((await readdir(folder)).sort()).toEqual(
      [key.slice('avatar/'.length), 'notes.txt'].sort(),
    );
  });

  it('is readable by this user only, without drafts', async () => {
    const key = newKey('logo');
    await storage.put(key, bytes);
    const folder = join(root, 'data', 'uploads', 'logo');
    expect((await stat(join(folder, '..', key))).mode & 0o777).toBe(0o600);
    for (const path of [folder, join(folder, '..')]) {
      expect((await stat(path)).mode & 0o777).toBe(0o700);
    }
    expect(await readdir(folder)).toHaveLength(1);
  });

  it('cannot be escaped by a key', async () => {
    await writeFile(join(root, 'secret.webp'), 'secret');
    for (const key of [
      '../../secret.webp',
      'avatar/../../../secret.webp',
      '/etc/passwd',
      `avatar/${'a'.repeat(32)}.webp/../../../../secret.webp`,
      '',
    ]) {
      expect(await storage.get(key)).toBeNull();
      await expect(storage.put(key, bytes)).rejects.toThrow('not a key');
      await expect(storage.remove(key)).rejects.toThrow('not a key');
    }
    const link = newKey('avatar');
    await mkdir(join(root, 'data', 'uploads', 'avatar'), { recursive: true });
    await symlink(join(root, 'secret.webp'), join(root, 'data', 'uploads', link));
    expect(await storage.get(link)).toBeNull();
  });

  it('that cannot be written refuses as unavailable, and leaves nothing half written', async () => {
    await writeFile(join(root, 'data'), 'a file where the folder should be');
    await expect(storage.put(newKey('avatar'), bytes)).rejects.toMatchObject({
      kind: 'unavailable',
      key: 'errors.storage_unavailable',
    });
    expect(await storage.get(newKey('avatar'))).toBeNull();

    await rm(join(root, 'data'));
    const key = newKey('avatar');
    await mkdir(join(root, 'data', 'uploads', key), { recursive: true });
    await expect(storage.put(key, bytes)).rejects.toMatchObject({ kind: 'unavailable' });
    expect(await readdir(join(root, 'data', 'uploads', 'avatar'))).toHaveLength(1);
    await expect(storage.get(key)).rejects.toMatchObject({ kind: 'unavailable' });
  });
});
