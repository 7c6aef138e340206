import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Files } from '../../../src/core/storage/files.js';
import { LocalStorage } from '../../../src/core/storage/local-storage.js';
import '../../../src/features.js';

let root: string;
let path: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'atrium-files-'));
  path = join(root, 'upload');
  await writeFile(path, 'Stone');
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** A storage during whose work the sender leaves. */
class Slow extends LocalStorage {
  override async putFile(key: string, from: string): Promise<void> {
    await rm(path, { force: true });
    await super.putFile(key, from);
  }
}

test('a file whose sender leaves while it is stored is stored whole, and nothing else is left', async () => {
  const storage = new Slow(join(root, 'data'));
  const key = await new Files(storage).storeFor('attachment', path, (stored) =>
    Promise.resolve(stored),
  );
  const { size, stream } = (await storage.open(key))!;
  stream.destroy();
  expect(size).toBe(5);
  expect(await readdir(root)).toEqual(['data']);
});

test('a file whose sender has left before is not stored, and nobody is told of a broken storage', async () => {
  await rm(path);
  const storage = new LocalStorage(join(root, 'data'));
  const stored = new Files(storage).storeFor('attachment', path, () => Promise.resolve());
  await expect(stored).rejects.toMatchObject({ kind: 'unavailable' });
  expect(existsSync(join(root, 'data'))).toBe(false);
});
