import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of `package.json`: the same for sources and for the build in `dist/`. */
const root = findRoot(dirname(fileURLToPath(import.meta.url)));

/** A folder or file of the project (`views`, `i18n`, `public`), wherever the process was started. */
export function projectPath(...parts: string[]): string {
  return join(root, ...parts);
}

function findRoot(folder: string): string {
  if (existsSync(join(folder, 'package.json'))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error('package.json is missing: the project is incomplete');
  return findRoot(parent);
}
