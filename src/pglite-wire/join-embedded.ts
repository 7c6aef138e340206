import { resolve } from 'node:path';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { EmbeddedDatabase } from './embedded-database.js';
import { FolderInUseError } from './errors.js';
import { isAnswered, JoinedDatabase } from './socket-client.js';

export interface EmbeddedAccess {
  /** For the `stream` option of `pg`. */
  connect(): Duplex;
  close(): Promise<void>;
}

/** How long a process that has just locked the folder may take, in ms, until it listens. */
const START_LIMIT = 15_000;

/**
 * For commands: connects to the process that runs the database of this folder, or opens the folder when none
 * does. Throws FolderInUseError when the owner does not answer.
 */
export async function joinEmbedded(folder: string): Promise<EmbeddedAccess> {
  const path = resolve(folder);
  for (const deadline = Date.now() + START_LIMIT; ; await delay(100)) {
    if (await isAnswered(path)) return new JoinedDatabase(path);
    try {
      return await EmbeddedDatabase.open({ folder: path });
    } catch (error) {
      if (!(error instanceof FolderInUseError) || Date.now() > deadline) throw error;
    }
  }
}
