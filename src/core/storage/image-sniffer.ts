/**
 * The media type of an image by its first bytes (WHATWG MIME Sniffing §6.1; ISO/IEC 14496-12 §4.3 for
 * AVIF), whatever its name or declared type says. Null for everything else, SVG included: it is a
 * document that can hold script.
 */
export function sniffImage(bytes: Buffer): string | null {
  const found = SIGNATURES.find(([, isIt]) => isIt(bytes));
  return found ? found[0] : null;
}

const SIGNATURES: [mediaType: string, isIt: (bytes: Buffer) => boolean][] = [
  ['image/jpeg', (bytes) => startsWith(bytes, '\xff\xd8\xff')],
  ['image/png', (bytes) => startsWith(bytes, '\x89PNG\r\n\x1a\n')],
  ['image/gif', (bytes) => startsWith(bytes, 'GIF87a') || startsWith(bytes, 'GIF89a')],
  ['image/webp', (bytes) => startsWith(bytes, 'RIFF') && startsWith(bytes, 'WEBPVP', 8)],
  ['image/avif', isAvif],
];

function startsWith(bytes: Buffer, text: string, at = 0): boolean {
  return bytes.toString('latin1', at, at + text.length) === text;
}

/** Whether the first box is `ftyp` with an AVIF brand, major or compatible (`avis` for sequences). */
function isAvif(bytes: Buffer): boolean {
  if (bytes.length < 16 || !startsWith(bytes, 'ftyp', 4)) return false;
  const end = Math.min(bytes.readUInt32BE(0), bytes.length, 256);
  for (let at = 8; at + 4 <= end; at += 4) {
    if (at !== 12 && (startsWith(bytes, 'avif', at) || startsWith(bytes, 'avis', at))) return true;
  }
  return false;
}
