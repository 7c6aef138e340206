import { crc32, deflateSync } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';

/** A picture of four coloured quarters, so that turning and cropping can be seen. */
export function quarters(width = 400, height = 300): Sharp {
  const [x, y] = [Math.floor(width / 2), Math.floor(height / 2)];
  const raw = Buffer.alloc(width * height * 3);
  for (let at = 0; at < width * height; at += 1) {
    const right = at % width >= x;
    const below = Math.floor(at / width) >= y;
    raw.set([right ? 255 : 0, below ? 255 : 0, right === below ? 128 : 0], at * 3);
  }
  return sharp(raw, { raw: { width, height, channels: 3 } });
}

/** Made once: a camera's JPEG that lies on its side and says where it was taken. */
export function photo(): Promise<Buffer> {
  return quarters()
    .withExif({
      IFD0: { Copyright: 'Peter Janssens', Make: 'SecretCam' },
      IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 3/1 0/1' },
    })
    .withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/"><secret>xmp-secret</secret></x:xmpmeta>')
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer();
}

/** Frames of different colours: red first, then blue. */
export async function animation(format: 'gif' | 'webp'): Promise<Buffer> {
  const frame = (background: string) =>
    sharp({ create: { width: 64, height: 64, channels: 3, background } })
      .png()
      .toBuffer();
  const frames = await Promise.all([frame('#ff0000'), frame('#0000ff')]);
  const both = sharp(frames, { join: { animated: true } });
  return both[format]().toBuffer();
}

/** A PNG of `width` × `height` black pixels, one bit each: large to decode, small to send. */
export function vastPng(width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([1, 0, 0, 0, 0], 8);
  const pixels = deflateSync(Buffer.alloc((Math.ceil(width / 8) + 1) * height), { level: 9 });
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    pngChunk('IHDR', header),
    pngChunk('IDAT', pixels),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

function pngChunk(type: string, data: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}
