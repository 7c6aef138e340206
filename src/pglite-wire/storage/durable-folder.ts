import { fsyncSync } from 'node:fs';
import type { PGlite } from '@electric-sql/pglite';
import { NodeFS } from '@electric-sql/pglite/nodefs';

const EIO = 29;

/**
 * PGlite's file system with `fsync`: without it a commit survives the death of the process, but a power
 * failure can corrupt the whole database.
 */
export class DurableFolder extends NodeFS {
  override async init(
    pglite: PGlite,
    options: Parameters<NodeFS['init']>[1],
  ): ReturnType<NodeFS['init']> {
    const { emscriptenOpts } = await super.init(pglite, options);
    const addFsync = (module: object): void => {
      const { stream_ops: operations } = (module as { NODEFS: FileOperations }).NODEFS;
      operations.fsync = ({ nfd }) => {
        // Folders are not opened, and have no descriptor.
        if (nfd === undefined) return 0;
        try {
          fsyncSync(nfd);
          return 0;
        } catch {
          return EIO;
        }
      };
    };
    const steps = [emscriptenOpts.preRun ?? []].flat();
    return { emscriptenOpts: { ...emscriptenOpts, preRun: [...steps, addFsync] } };
  }
}

interface FileOperations {
  stream_ops: { fsync?: (stream: { nfd?: number }) => number };
}

/** PGlite starts PostgreSQL with fsync off (`-F`). */
export function durably(startParameters: string[]): string[] {
  // The platform's own preference, fdatasync, is one that PGlite does not pass on.
  return [...startParameters.filter((one) => one !== '-F'), '-c', 'wal_sync_method=fsync'];
}
