import { createWriteStream } from 'node:fs';
import { mkdtemp, open, rm, stat, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import { BYTE_ORDER_MARK, csvLine } from '../core/files/csv.js';
import type { DataRow, TenantDataPart } from '../tenants/tenant-data.js';

export interface Archive {
  /** Of the ZIP file, on this machine. */
  path: string;
  /** Bytes. */
  size: number;
  /** In all parts together. */
  rows: number;
}

interface Content {
  organization: string;
  parts: TenantDataPart[];
  /** Called now and then; what it throws ends the work. */
  progress: (partsDone: number, rowsDone: number) => Promise<void>;
}

/**
 * Makes a ZIP file of the parts: each as JSON (RFC 8259) and as CSV (RFC 4180), both from one reading,
 * and a manifest. Rows go from the database to the disk as they come, so memory stays flat however many
 * there are. All of it is removed again once `use` is done.
 */
export async function withArchive<T>(
  content: Content,
  use: (archive: Archive) => Promise<T>,
): Promise<T> {
  // For this user's eyes only.
  const folder = await mkdtemp(join(tmpdir(), 'atrium-export-'));
  try {
    return await use(await archive(folder, content));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function archive(folder: string, { organization, parts, progress }: Content) {
  const startedAt = new Date();
  const written: Array<{ name: string; columns: readonly string[]; rows: number }> = [];
  let rows = 0;
  for (const [done, part] of parts.entries()) {
    const before = rows;
    await progress(done, before);
    rows += await writePart(folder, part, (ofPart) => progress(done, before + ofPart));
    written.push({ name: part.name, columns: part.columns, rows: rows - before });
  }
  const manifest = {
    format: 1,
    organization,
    from: startedAt,
    until: new Date(),
    parts: written.map(({ name, ...part }) => ({
      name,
      files: [`${name}.json`, `${name}.csv`],
      ...part,
    })),
  };
  const path = join(folder, 'archive.zip');
  await zip(folder, path, manifest);
  return { path, size: (await stat(path)).size, rows };
}

async function writePart(
  folder: string,
  part: TenantDataPart,
  progress: (rows: number) => Promise<void>,
): Promise<number> {
  const json = await TextFile.create(join(folder, `${part.name}.json`));
  const csv = await TextFile.create(join(folder, `${part.name}.csv`));
  let rows = 0;
  try {
    await json.write('[');
    await csv.write(BYTE_ORDER_MARK + csvLine(part.columns));
    for await (const row of part.rows()) {
      const fields = part.columns.map((column) => [column, row[column] ?? null] as const);
      const object: DataRow = Object.fromEntries(fields);
      await json.write(`${rows > 0 ? ',' : ''}\n${JSON.stringify(object)}`);
      await csv.write(csvLine(fields.map(([, value]) => value)));
      rows += 1;
      if (rows % 100 === 0) await progress(rows);
    }
    await json.write('\n]\n');
    await progress(rows);
  } finally {
    await json.close();
    await csv.close();
  }
  return rows;
}

async function zip(
  folder: string,
  path: string,
  manifest: { parts: Array<{ files: string[] }> },
): Promise<void> {
  const file = new ZipFile();
  const output = file.outputStream as Readable;
  file.on('error', (error: Error) => output.destroy(error));
  const written = pipeline(output, createWriteStream(path, { mode: 0o600 }));
  const text = `${JSON.stringify(manifest, null, 2)}\n`;
  file.addBuffer(Buffer.from(text), 'manifest.json');
  for (const name of manifest.parts.flatMap(({ files }) => files)) {
    file.addFile(join(folder, name), name, { mode: 0o100600 });
  }
  file.end();
  await written;
}

/** Text on its way to a file, in pieces of a size that disks like. */
class TextFile {
  private waiting = '';

  private constructor(private readonly file: FileHandle) {}

  static async create(path: string): Promise<TextFile> {
    return new TextFile(await open(path, 'wx', 0o600));
  }

  async write(text: string): Promise<void> {
    this.waiting += text;
    if (this.waiting.length > 64 * 1024) await this.flush();
  }

  async close(): Promise<void> {
    try {
      await this.flush();
    } finally {
      await this.file.close();
    }
  }

  private async flush(): Promise<void> {
    const text = this.waiting;
    this.waiting = '';
    if (text) await this.file.appendFile(text);
  }
}
