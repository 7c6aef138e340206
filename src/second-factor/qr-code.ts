import { encode } from 'uqr';

/** A QR code as the path of an SVG, which needs no inline style (CSP). */
export interface QrCode {
  /** Width and height in modules, quiet zone included. */
  size: number;
  path: string;
}

/** Modules around it (ISO/IEC 18004 §7.3.7). */
const QUIET_ZONE = 4;

export function qrCode(text: string): QrCode {
  const { size, data } = encode(text, { border: QUIET_ZONE, ecc: 'M' });
  const path = data
    .flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : '')))
    .join('');
  return { size, path };
}
