import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './project.mjs';

/** A digest of the content of these files and folders (relative to the root; missing ones count as such). */
export function fingerprint(paths) {
  const digest = createHash('sha256');
  for (const path of paths.flatMap(filesOf).toSorted()) {
    digest
      .update(`${path}\0`)
      .update(readFileSync(join(root, path)))
      .update('\0');
  }
  return digest.digest('hex');
}

/** Names and sizes of what a build produced, so that a deleted or truncated file is noticed. */
export function inventory(path) {
  const files = filesOf(path).toSorted();
  if (files.length === 0) return 'nothing';
  const lines = files.map((file) => `${file} ${statSync(join(root, file)).size}`);
  return createHash('sha256').update(lines.join('\n')).digest('hex');
}

export function readStamp(name) {
  const path = stampPath(name);
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

export function writeStamp(name, value) {
  mkdirSync(dirname(stampPath(name)), { recursive: true });
  writeFileSync(stampPath(name), value);
}

function stampPath(name) {
  return join(root, 'node_modules', '.cache', 'atrium', name);
}

function filesOf(path) {
  const absolute = join(root, path);
  if (!existsSync(absolute)) return [];
  if (statSync(absolute).isFile()) return [path];
  return readdirSync(absolute, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
}
