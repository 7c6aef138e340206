import { readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { FolderInUseError } from '../errors.js';

const BUSY = 5;

/**
 * Keeps a second process out of a data folder.
 *
 * The operating system's own file lock decides, reached through SQLite since Node offers no other
 * way to it. Unlike a file with a process id in it, it ends with its process (kill -9 included),
 * cannot be mistaken when ids are reused or differ between containers, and has no moment at which
 * two processes both take over a stale one. The process id is written beside it for people to read.
 *
 * `atrium.lock` must not be opened by anything else in this process: closing any descriptor of a
 * file ends all POSIX locks that the process has on it.
 */
export class FolderLock {
  private constructor(
    private readonly handle: DatabaseSync,
    private readonly ownerFile: string,
    /** Process id of a previous owner that did not release the folder. */
    readonly previousOwner: number | undefined,
  ) {}

  static take(folder: string): FolderLock {
    const ownerFile = join(folder, 'atrium.pid');
    // An import would end an older Node.js before `node-version.ts` can say that it is too old.
    const sqlite = process.getBuiltinModule('node:sqlite');
    const handle = new sqlite.DatabaseSync(join(folder, 'atrium.lock'));
    try {
      handle.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
    } catch (error) {
      handle.close();
      if ((error as { errcode?: number }).errcode !== BUSY) throw error;
      throw new FolderInUseError(folder, readOwner(ownerFile));
    }
    const previousOwner = readOwner(ownerFile);
    writeFileSync(ownerFile, `${process.pid}\n`, { mode: 0o600 });
    return new FolderLock(handle, ownerFile, previousOwner);
  }

  async release(): Promise<void> {
    await rm(this.ownerFile, { force: true });
    this.handle.close();
  }
}

function readOwner(ownerFile: string): number | undefined {
  try {
    return Number.parseInt(readFileSync(ownerFile, 'utf8'), 10) || undefined;
  } catch {
    return undefined;
  }
}
