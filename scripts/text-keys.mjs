/**
 * npm run texts: writes src/core/i18n/text-keys.ts, the type of every key a text can be asked by, from
 * i18n/en. A misspelt key is then an error of the compiler. `--check` only says whether it is current.
 */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import prettier from 'prettier';
import { root } from './support/project.mjs';

const target = join(root, 'src/core/i18n/text-keys.ts');
const folder = join(root, 'i18n/en');
const keys = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .sort()
  .flatMap((file) =>
    keysOf(JSON.parse(readFileSync(join(folder, file), 'utf8')), basename(file, '.json')),
  );
const union = keys.map((key) => `  | '${key}'`).join('\n');
const source = `// Written by \`npm run texts\` from i18n/en. i18n-ignore: *\n\n/** Every key of a text; one with plural forms counts once. */\nexport type TextKey =\n${union};\n`;
const options = await prettier.resolveConfig(target);
const formatted = await prettier.format(source, { ...options, parser: 'typescript' });

if (!process.argv.includes('--check')) {
  writeFileSync(target, formatted);
} else if (readFileSync(target, 'utf8') !== formatted) {
  console.error('src/core/i18n/text-keys.ts is not what i18n/en says: run `npm run texts`.');
  process.exitCode = 1;
}

function keysOf(value, path) {
  if (typeof value === 'string' || 'other' in value) return [path];
  return Object.entries(value).flatMap(([name, inner]) => keysOf(inner, `${path}.${name}`));
}
