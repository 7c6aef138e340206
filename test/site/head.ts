import type { Response } from 'superagent';
import type { Sight } from '../support/browser.js';

/** What the head of a page tells search engines and whoever shares a link. */
export function headOf({ document, title }: Sight) {
  const meta = (name: string) =>
    document.querySelector(`meta[name="${name}"]`)?.getAttribute('content');
  const links = document.querySelectorAll('link[rel="alternate"]');
  const properties = document.querySelectorAll('meta[property^="og:"]');
  return {
    title,
    description: meta('description'),
    robots: meta('robots'),
    canonical: document.querySelector('link[rel="canonical"]')?.getAttribute('href'),
    alternates: Object.fromEntries(
      links.map((link) => [link.getAttribute('hreflang')!, link.getAttribute('href')!]),
    ),
    openGraph: Object.fromEntries(
      properties.map((each) => [each.getAttribute('property')!, each.getAttribute('content')!]),
    ),
  };
}

type Done = (error: Error | null, body: unknown) => void;

/** Collects an answer as bytes, whatever its type; for `parse` of supertest. */
export function asBytes(res: Response, done: Done): void {
  const pieces: Buffer[] = [];
  res.on('data', (piece: Buffer) => pieces.push(Buffer.from(piece)));
  res.on('end', () => done(null, Buffer.concat(pieces)));
}
