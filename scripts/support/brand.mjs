// What the build makes of brand/: colours for the stylesheet, and pictures of the mark in the sizes that browsers,
// phones and shared links ask for. Refuses a brand that fails its checks (src/core/brand/brand.ts).
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { root } from './project.mjs';
import './typescript.mjs';

const { brand, PAPER } = await import('../../src/core/brand/brand.ts');

const folder = join(root, 'brand');
const LARGEST_LOGO = 20_000;

/** The custom properties that assets/css/theme.css is written with. */
export function accentTokens() {
  const { light, onLight, dark, onDark } = brand.accent;
  return `:root{--accent-light:${light};--accent-on-light:${onLight};--accent-dark:${dark};--accent-on-dark:${onDark}}`;
}

/** Name and content of every picture: those of brand/images as they are, and what is made of the mark. */
export async function brandImages() {
  const logo = await readFile(join(folder, 'logo.svg'));
  if (logo.length > LARGEST_LOGO) {
    throw new Error(`brand/logo.svg has ${logo.length} bytes; the largest is ${LARGEST_LOGO}.`);
  }
  const [icon32, icon180, icon192, icon512, maskable, social] = await Promise.all([
    drawn(logo, 32),
    onSurface(logo, 180, 1, PAPER.light),
    drawn(logo, 192),
    drawn(logo, 512),
    // The safe zone of a maskable icon is a circle of 80 % (W3C Web Application Manifest, Appendix B).
    onSurface(logo, 512, 0.56, PAPER.light),
    socialPicture(logo),
  ]);
  return [
    ['logo.svg', logo],
    ['favicon.ico', ico(icon32)],
    ['apple-touch-icon.png', icon180],
    ['icon-192.png', icon192],
    ['icon-512.png', icon512],
    ['icon-maskable-512.png', maskable],
    ['social.png', social],
    ...(await ownImages()),
  ];
}

async function ownImages() {
  const images = join(folder, 'images');
  if (!existsSync(images)) return [];
  const names = await readdir(images);
  const shown = names.filter((name) => /\.(svg|png|webp|avif|jpg)$/.test(name));
  return Promise.all(shown.map(async (name) => [name, await readFile(join(images, name))]));
}

/** Drawn at the size that is asked for, whatever the units of the file: 1,024 of them would make too many pixels. */
async function drawn(logo, size) {
  const { width, height } = await sharp(logo).metadata();
  const density = Math.min(100_000, Math.max(1, (72 * size) / Math.max(width, height)));
  return sharp(logo, { density })
    .resize(size, size, { fit: 'contain', background: '#00000000' })
    .png()
    .toBuffer();
}

/** The mark in the middle of an opaque square; `share` of its side. */
async function onSurface(logo, size, share, background) {
  const mark = await drawn(logo, Math.round(size * share));
  return sharp({ create: { width: size, height: size, channels: 4, background } })
    .composite([{ input: mark }])
    .png({ palette: true })
    .toBuffer();
}

/** The picture of a shared link, 1,200 × 630 (Open Graph): the mark on the accent. Without words, as it has no language. */
async function socialPicture(logo) {
  const tile = Buffer.from(
    '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="300"><rect width="300" height="300" rx="64" fill="#ffffff"/></svg>',
  );
  const { light: background } = brand.accent;
  return sharp({ create: { width: 1200, height: 630, channels: 4, background } })
    .composite([{ input: tile }, { input: await drawn(logo, 220) }])
    .png({ palette: true })
    .toBuffer();
}

/** An icon file that holds one picture of 32 × 32 as PNG, as browsers read since 2007: 6 + 16 bytes before it. */
function ico(png) {
  const head = Buffer.alloc(22);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(1, 4);
  head.writeUInt8(32, 6);
  head.writeUInt8(32, 7);
  head.writeUInt16LE(1, 10);
  head.writeUInt16LE(32, 12);
  head.writeUInt32LE(png.length, 14);
  head.writeUInt32LE(22, 18);
  return Buffer.concat([head, png]);
}
