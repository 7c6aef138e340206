import { inflateRawSync } from 'node:zlib';

/** The files in a ZIP archive, by name (APPNOTE.TXT §4.3, as much of it as small archives use). */
export function unzip(archive: Buffer): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  const end = archive.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  let at = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left--) {
    const [method, size] = [archive.readUInt16LE(at + 10), archive.readUInt32LE(at + 20)];
    const [name, extra, comment] = [28, 30, 32].map((field) => archive.readUInt16LE(at + field));
    const local = archive.readUInt32LE(at + 42);
    const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
    const bytes = archive.subarray(start, start + size);
    files.set(
      archive.toString('utf8', at + 46, at + 46 + name!),
      method === 8 ? inflateRawSync(bytes) : bytes,
    );
    at += 46 + name! + extra! + comment!;
  }
  return files;
}
