import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { transformFile } from '@swc/core';
import { root } from './project.mjs';

/** Compiles every TypeScript file below a folder of the project to `dist/`, without a type check. */
export async function compileFolder(folder) {
  const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && isSource(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
  await Promise.all(files.map(compileFile));
}

/** Compiles one file (absolute path) with the options of .swcrc, as `nest build` does. */
export async function compileFile(file) {
  const target = join(root, 'dist', relative(root, file)).replace(/\.ts$/, '.js');
  const options = JSON.parse(await readFile(join(root, '.swcrc'), 'utf8'));
  delete options.$schema;
  const { code, map } = await transformFile(file, {
    ...options,
    swcrc: false,
    sourceFileName: relative(dirname(target), file),
  });
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, `${code}\n//# sourceMappingURL=${basename(target)}.map\n`);
  if (map) await writeFile(`${target}.map`, map);
}

export function isSource(name) {
  return name.endsWith('.ts') && !name.endsWith('.d.ts');
}

/** What the compiler says about the source, without the compiler's own stack. */
export function compileProblem(error) {
  return (error instanceof Error ? error.message : String(error)).split('\n\nCaused by')[0].trim();
}
