import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import sharp from 'sharp';
import type { AfterCommit } from '../../../src/core/database/transaction.js';
import type { UnitOfWork } from '../../../src/core/database/unit-of-work.js';
import { Images } from '../../../src/core/storage/images.js';
import { ObjectStorage, storageUnavailable } from '../../../src/core/storage/object-storage.js';
import { isKey } from '../../../src/core/storage/storage-key.js';
import { quarters } from '../../support/pictures.js';
import '../../../src/features.js';

class Shelf extends ObjectStorage {
  readonly kept = new Map<string, Buffer>();
  broken = false;

  async put(key: string, bytes: Buffer) {
    if (this.broken) throw storageUnavailable();
    this.kept.set(key, bytes);
  }
  async get(key: string) {
    const bytes = this.kept.get(key);
    return bytes ? { bytes, contentType: 'image/webp' } : null;
  }
  async remove(key: string) {
    if (this.broken) throw storageUnavailable();
    this.kept.delete(key);
  }
  putFile(): Promise<never> {
    throw new Error('Images are no files');
  }
  open(): Promise<never> {
    throw new Error('Images are no files');
  }
  list(): never {
    throw new Error('Nobody asks');
  }
}

/** A unit of work that the test commits explicitly. */
class Work {
  private readonly acts: AfterCommit[] = [];
  afterCommit(act: AfterCommit) {
    this.acts.push(act);
  }
  async commit() {
    for (const act of this.acts.splice(0)) await act();
  }
}

function room() {
  const [shelf, work] = [new Shelf(), new Work()];
  return { shelf, work, images: new Images(shelf, work as unknown as UnitOfWork) };
}

let png: Buffer;
beforeAll(async () => {
  png = await quarters().png().toBuffer();
});

describe('Images', () => {
  it('are kept small, under a key nobody can guess', async () => {
    const { images, shelf } = room();
    const [one, other] = [await images.store('avatar', png), await images.store('avatar', png)];
    expect(one).toMatch(/^avatar\/[0-9a-f]{32}\.webp$/);
    expect(isKey(one)).toBe(true);
    expect(one).not.toBe(other);
    const kept = await sharp(shelf.kept.get(one)).metadata();
    expect(kept).toMatchObject({ format: 'webp', width: 256, height: 256 });
    expect(await images.store('logo', png)).toMatch(/^logo\//);
  });

  it('that are refused leave nothing behind', async () => {
    const { images, shelf } = room();
    await expect(images.store('logo', Buffer.from('<svg/>'))).rejects.toMatchObject({
      key: 'validation.image_type',
      details: { field: 'logo' },
    });
    expect(shelf.kept.size).toBe(0);
  });

  it('are deleted when the row that refers to them was not saved', async () => {
    const { images, shelf } = room();
    const failing = images.storeFor('avatar', png, () => Promise.reject(new Error('no profile')));
    await expect(failing).rejects.toThrow('no profile');
    expect(shelf.kept.size).toBe(0);
    const key = await images.storeFor('avatar', png, (stored) => Promise.resolve(stored));
    expect([...shelf.kept.keys()]).toEqual([key]);
  });

  it('that were replaced are deleted after the change is committed', async () => {
    const { images, shelf, work } = room();
    const old = await images.store('avatar', png);
    images.replace(old);
    images.replace(null);
    expect(shelf.kept.has(old)).toBe(true);
    await work.commit();
    expect(shelf.kept.has(old)).toBe(false);
  });

  it('that cannot be removed are logged, and nobody is refused for it', async () => {
    const { images, shelf, work } = room();
    const warned = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    const old = await images.store('avatar', png);
    shelf.broken = true;
    images.replace(old);
    await work.commit();
    expect(warned).toHaveBeenCalledWith(expect.stringContaining(old));
    warned.mockRestore();
  });

  it('that are too many at once are refused beyond a short queue', async () => {
    const { images } = room();
    const answers = await Promise.allSettled(
      Array.from({ length: 30 }, () => images.store('avatar', png)),
    );
    const refused = answers.filter((answer) => answer.status === 'rejected');
    expect(refused).toHaveLength(9);
    for (const { reason } of refused) expect(reason).toMatchObject({ kind: 'unavailable' });
    await expect(images.store('avatar', png)).resolves.toMatch(/^avatar\//);
  });

  it('have keys of one form only', () => {
    const name = 'a'.repeat(32);
    expect(isKey(`logo/${name}.webp`)).toBe(true);
    for (const odd of [
      '',
      `../${name}.webp`,
      `avatar/../logo/${name}.webp`,
      `avatar/..%2f${name}.webp`,
      `/avatar/${name}.webp`,
      `avatar\\${name}.webp`,
      `avatar/${name}.webp\n`,
      `avatar/${name}.webp\0`,
      `avatar/${name}.svg`,
      `Avatar/${name}.webp`,
      `avatar/${'A'.repeat(32)}.webp`,
      `secrets/${name}.webp`,
    ]) {
      expect(isKey(odd)).toBe(false);
    }
  });
});
