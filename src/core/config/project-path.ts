import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of `package.json`, for sources and for the build in `dist/`. */
const root = findRoot(dirname(fileURLToPath(import.meta.url)));

/**
 * Absolute path of a project folder or file (`views`, `i18n`, `public`), independent of the working
 * directory.
 */
export function projectPath(...parts: string[]): string {
  return join(root, ...parts);
}

function findRoot(folder: string): string {
  if (existsSync(join(folder, 'package.json'))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error('package.json is missing: the project is incomplete');
  return findRoot(parent);
}
