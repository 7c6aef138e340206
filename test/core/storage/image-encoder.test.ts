import sharp from 'sharp';
import { encodeImage } from '../../../src/core/storage/image-encoder.js';
import { animation, photo, quarters, vastPng } from '../../support/pictures.js';
import '../../../src/features.js';

const MIB = 1024 * 1024;

describe('An uploaded image', () => {
  it.each(['jpeg', 'png', 'webp', 'gif', 'avif'] as const)('may be a %s', async (format) => {
    const bytes = await quarters()[format]().toBuffer();
    const avatar = await sharp(await encodeImage('avatar', bytes)).metadata();
    expect(avatar).toMatchObject({ format: 'webp', width: 256, height: 256 });
    const logo = await sharp(await encodeImage('logo', bytes)).metadata();
    expect(logo).toMatchObject({ format: 'webp', width: 400, height: 300 });
  });

  it('is upright and has no metadata about camera, place or owner', async () => {
    const taken = await photo();
    expect(taken.includes('SecretCam')).toBe(true);
    expect(taken.includes('xmp-secret')).toBe(true);
    expect((await sharp(taken).metadata()).orientation).toBe(6);

    const logo = await encodeImage('logo', taken);
    const { width, height, exif, xmp, icc, iptc, orientation } = await sharp(logo).metadata();
    expect({ width, height }).toEqual({ width: 300, height: 400 });
    expect([exif, xmp, icc, iptc, orientation]).toEqual(Array(5).fill(undefined));
    for (const secret of ['SecretCam', 'Peter', 'Exif', 'EXIF', 'XMP', 'xmp-secret']) {
      expect(logo.includes(secret)).toBe(false);
    }
    // Turned by 90° the lower left quarter (green) is at the upper left.
    expect(await pixel(logo, 30, 30)).toEqual([near(0), near(255), near(0)]);
  });

  it('keeps the middle of an avatar and the whole of a logo, never larger than it was', async () => {
    const wide = await quarters(1600, 400).png().toBuffer();
    const logo = await sharp(await encodeImage('logo', wide)).metadata();
    expect(logo).toMatchObject({ width: 512, height: 128 });
    const avatar = await encodeImage('avatar', wide);
    expect(await pixel(avatar, 5, 5)).toEqual([near(0), near(0), near(128)]);
    expect(await pixel(avatar, 250, 5)).toEqual([near(255), near(0), near(0)]);
  });

  it('keeps its transparency', async () => {
    const clear = sharp({
      create: { width: 80, height: 80, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } },
    });
    const logo = await encodeImage('logo', await clear.png().toBuffer());
    expect(await pixel(logo, 40, 40)).toHaveProperty('3', 0);
  });

  it.each(['gif', 'webp'] as const)('shows the first frame of an animated %s', async (format) => {
    const logo = await encodeImage('logo', await animation(format));
    const { pages, height } = await sharp(logo).metadata();
    expect([pages ?? 1, height]).toEqual([1, 64]);
    expect(await pixel(logo, 32, 32)).toEqual([near(255), near(0), near(0)]);
  });

  it.each([
    ['SVG', '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'],
    ['SVG with a declaration', '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>'],
    ['HTML', '<!doctype html><script>alert(1)</script>'],
    ['text', 'just a text, called avatar.png'],
    ['PDF', '%PDF-1.7\n%âãÏÓ\n'],
    ['HEIC', '\0\0\0\x18ftypheic\0\0\0\0mif1heic'],
    ['TIFF', 'II*\0\x08\0\0\0'],
    ['a ZIP', 'PK\x03\x04'],
    ['one byte', '\xff'],
  ])('is refused when it is %s, whatever its name', async (_, text) => {
    const refusal = { kind: 'invalid', key: 'validation.image_type', details: { field: 'avatar' } };
    await expect(encodeImage('avatar', Buffer.from(text, 'latin1'))).rejects.toMatchObject(refusal);
  });

  it.each(['jpeg', 'png', 'webp', 'gif', 'avif'] as const)(
    'is refused when a %s was cut short',
    async (format) => {
      const whole = await quarters().modulate({ brightness: 1.1 })[format]().toBuffer();
      const half = whole.subarray(0, whole.length >> 1);
      await expect(encodeImage('logo', half)).rejects.toMatchObject(broken('logo'));
    },
  );

  it('is refused when only its first bytes look like an image', async () => {
    for (const start of [
      '\x89PNG\r\n\x1a\n',
      '\xff\xd8\xff\xe0',
      'GIF89a',
      'RIFF\0\0\0\0WEBPVP8 ',
    ]) {
      const bytes = Buffer.concat([Buffer.from(start, 'latin1'), Buffer.alloc(500, 7)]);
      await expect(encodeImage('avatar', bytes)).rejects.toMatchObject(broken('avatar'));
    }
    await expect(encodeImage('avatar', Buffer.alloc(0))).rejects.toMatchObject(broken('avatar'));
  });

  it('is refused over 2 MiB, and accepted at exactly 2 MiB', async () => {
    const jpeg = await quarters().jpeg().toBuffer();
    // What follows the end of a JPEG is no part of it.
    const padded = (size: number) => Buffer.concat([jpeg, Buffer.alloc(size - jpeg.length)]);
    await expect(encodeImage('avatar', padded(2 * MIB))).resolves.toBeInstanceOf(Buffer);
    await expect(encodeImage('avatar', padded(2 * MIB + 1))).rejects.toMatchObject(
      tooLarge({ max: 2, megapixels: 40 }),
    );
  });

  it('is refused when it would take much memory to decode', async () => {
    const bomb = vastPng(20_000, 20_000);
    expect(bomb.length).toBeLessThan(64 * 1024);
    const before = process.memoryUsage().rss;
    await expect(encodeImage('avatar', bomb)).rejects.toMatchObject(tooLarge({ max: 2 }));
    expect(process.memoryUsage().rss - before).toBeLessThan(50 * MIB);
    await expect(encodeImage('avatar', vastPng(20_000, 1))).rejects.toMatchObject(tooLarge({}));
  });

  it('may have more pixels where they cost less', async () => {
    const create = { width: 4_500, height: 3_000, channels: 3, background: 'teal' } as const;
    const image = sharp({ create });
    await expect(encodeImage('logo', await image.png().toBuffer())).resolves.toBeInstanceOf(Buffer);
    const avif = await image.avif({ effort: 0 }).toBuffer();
    await expect(encodeImage('avatar', avif)).rejects.toMatchObject(tooLarge({ megapixels: 12 }));
  });
});

const broken = (field: string) => ({
  kind: 'invalid',
  key: 'validation.image_broken',
  details: { field },
});

const tooLarge = (args: object) => ({
  kind: 'invalid',
  key: 'validation.image_too_large',
  details: { field: 'avatar', args },
});

/** Lossy, so nearly. */
function near(value: number): unknown {
  return {
    asymmetricMatch: (other: number) => Math.abs(other - value) < 24,
    toString: () => `near ${value}`,
  };
}

async function pixel(image: Buffer, left: number, top: number): Promise<number[]> {
  const one = sharp(image).extract({ left, top, width: 1, height: 1 });
  return [...(await one.raw().toBuffer())];
}
