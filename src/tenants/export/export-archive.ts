import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished, pipeline } from 'node:stream/promises';
import yazl from 'yazl';
import { BYTE_ORDER_MARK, csvLine } from '../../core/utils/csv.js';
import type { ExportPart } from './export-parts.js';

/**
 * Writes every part as JSON (an array) and CSV (RFC 4180, UTF-8) into one ZIP file and passes it to `use`;
 * deletes it from this machine afterwards. Rows are streamed.
 */
export async function withArchive<T>(
  parts: readonly ExportPart[],
  progress: (partsDone: number) => Promise<void>,
  use: (path: string, size: number) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'atrium-export-'));
  try {
    const zip = new yazl.ZipFile();
    const counts: Record<string, number> = {};
    for (const [index, part] of parts.entries()) {
      counts[part.name] = await writePart(part, folder);
      zip.addFile(join(folder, `${part.name}.json`), `${part.name}.json`);
      zip.addFile(join(folder, `${part.name}.csv`), `${part.name}.csv`);
      await progress(index + 1);
    }
    const manifest = { made_at: new Date().toISOString(), rows: counts };
    zip.addBuffer(Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`), 'manifest.json');
    zip.end();
    const path = join(folder, 'archive.zip');
    await pipeline(zip.outputStream, createWriteStream(path, { mode: 0o600 }));
    return await use(path, (await stat(path)).size);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Writes one part; returns the number of rows. */
async function writePart(part: ExportPart, folder: string): Promise<number> {
  const { name, columns } = part;
  const json = createWriteStream(join(folder, `${name}.json`), { mode: 0o600 });
  const csv = createWriteStream(join(folder, `${name}.csv`), { mode: 0o600 });
  let count = 0;
  await write(json, '[');
  await write(csv, `${BYTE_ORDER_MARK}${csvLine(columns)}`);
  for await (const row of part.rows()) {
    const values = Object.fromEntries(columns.map((column) => [column, row[column] ?? null]));
    await write(json, `${count++ === 0 ? '\n' : ',\n'}${JSON.stringify(values)}`);
    await write(csv, csvLine(columns.map((column) => textOf(values[column]))));
  }
  json.end('\n]\n');
  csv.end();
  await Promise.all([finished(json), finished(csv)]);
  return count;
}

async function write(stream: WriteStream, text: string): Promise<void> {
  if (!stream.write(text)) await once(stream, 'drain');
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'string' ? value : JSON.stringify(value);
}
