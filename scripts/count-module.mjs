/**
 * npm run count:module [-- <feature>]: what a module costs. Prints the lines of its own, the shared files
 * that name it, and files and folders of src that have grown too large; fails beyond the limits.
 */
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './support/project.mjs';

const LIMITS = { lines: 800, shared: 2, fileLines: 300, folderFiles: 20 };
const feature = process.argv[2] ?? 'projects';

const files = (pattern) =>
  globSync(pattern, { cwd: root }).map((path) => path.replaceAll('\\', '/'));
const read = (path) => readFileSync(join(root, path), 'utf8');
const linesOf = (path) => read(path).split('\n').length - 1;
const sum = (paths) => paths.reduce((total, path) => total + linesOf(path), 0);

// Demo and sample data are made-up rows: they tell a story, as the texts of i18n do.
const isDemo = (path) => /\.(demo|sample-data)\.ts$/.test(path);
const own = files(`src/${feature}/**/*.ts`);
const code = own.filter((path) => !isDemo(path));
const sources = files('src/**/*.ts').filter((path) => path !== 'src/core/i18n/text-keys.ts');

/** Code that names it: in a string, an address or an import, in the singular or the plural. */
const name = new RegExp(`['"\`/.]${feature.replace(/s$/, '')}s?['"\`/:._]`);
const withoutComments = (text) =>
  text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
const shared = [
  ...sources.filter((path) => !path.startsWith(`src/${feature}/`)),
  ...files('views/**/*.hbs').filter((path) => !path.startsWith(`views/${feature}/`)),
  ...files('assets/**/*.ts'),
].filter((path) => name.test(withoutComments(read(path))));

const long = sources.filter((path) => linesOf(path) > LIMITS.fileLines);
const folders = Map.groupBy(sources, dirname);
const full = [...folders].filter(([, inside]) => inside.length > LIMITS.folderFiles);

const counts = [
  [`lines of src/${feature}`, sum(code), LIMITS.lines, `${code.length} files`],
  // The other one is CHANGELOG.md.
  [
    'shared files that name it',
    shared.length + 1,
    LIMITS.shared,
    ['CHANGELOG.md', ...shared].join(', '),
  ],
  [`files of src with more than ${LIMITS.fileLines} lines`, long.length, 0, long.join(', ')],
  [
    `folders of src with more than ${LIMITS.folderFiles} files`,
    full.length,
    0,
    full.map(([path]) => path).join(', '),
  ],
];
for (const [what, count, limit, which] of counts) {
  console.log(`${what}: ${count} (at most ${limit})${which ? `: ${which}` : ''}`);
}
console.log(
  `beside them: ${sum(own.filter(isDemo))} lines of demo and sample data, ${sum(files(`views/${feature}/**/*.hbs`))} of views, ${sum(files(`test/${feature}/**/*.ts`))} of tests`,
);
if (code.length === 0) console.error(`src/${feature} does not exist`);
process.exitCode = code.length > 0 && counts.every(([, count, limit]) => count <= limit) ? 0 : 1;
