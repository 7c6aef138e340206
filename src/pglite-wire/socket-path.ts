import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

/** `sun_path` holds 104 bytes on macOS and 108 on Linux. */
const MAX_PATH_BYTES = 100;
const TEMPORARY_PREFIX = 'atrium-';

/** Path of the socket of the process that runs the database. */
export function socketPath(folder: string): string {
  try {
    return readFileSync(pointerFile(folder), 'utf8').trim();
  } catch {
    return join(folder, 'atrium.sock');
  }
}

/**
 * Chooses the socket path, for the holder of the folder's lock. Where the folder's path is too long for a
 * socket, the socket is created in a private temporary folder and a file in the data folder names it.
 */
export function claimSocketPath(folder: string): string {
  releaseSocketPath(folder);
  const path = join(folder, 'atrium.sock');
  if (Buffer.byteLength(path) <= MAX_PATH_BYTES) return path;
  const short = join(mkdtempSync(join(tmpdir(), TEMPORARY_PREFIX)), 'sock');
  writeFileSync(pointerFile(folder), short, { mode: 0o600 });
  return short;
}

/** Removes the socket, also one left by a killed process. */
export function releaseSocketPath(folder: string): void {
  const path = socketPath(folder);
  rmSync(path, { force: true });
  const parent = dirname(path);
  if (parent !== folder && basename(parent).startsWith(TEMPORARY_PREFIX)) {
    rmSync(parent, { recursive: true, force: true });
  }
  rmSync(pointerFile(folder), { force: true });
}

const pointerFile = (folder: string): string => join(folder, 'atrium.sock.path');
