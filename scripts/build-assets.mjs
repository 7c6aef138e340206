// Compiles assets/ and brand/ into public/assets/<name>.<hash>.<ext> and writes manifest.json (logical name → public path).
// Usage: node scripts/build-assets.mjs [--dev]   (--dev: not minified, with source maps)
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { accentTokens, brandImages } from './support/brand.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const assetsDir = join(root, 'assets');
const publicDir = join(root, 'public', 'assets');
const publicPath = '/assets/';
const dev = process.argv.includes('--dev');

const [stylesheet, scripts, fonts, images] = await Promise.all([
  compileStylesheet(),
  compileScripts(),
  readAll(join(assetsDir, 'fonts'), ['.woff2']),
  brandImages(),
]);

const manifest = {};
const files = new Map();
for (const [name, content] of [...fonts, ...images, ...scripts]) publish(name, content);
publish('app.css', accentTokens() + withHashedUrls(stylesheet));
await write();

async function compileStylesheet() {
  const folder = await mkdtemp(join(tmpdir(), 'atrium-assets-'));
  const output = join(folder, 'app.css');
  const cli = join(root, 'node_modules/@tailwindcss/cli/dist/index.mjs');
  const options = ['--input', join(assetsDir, 'app.css'), '--output', output];
  if (!dev) options.push('--minify');
  try {
    await promisify(execFile)(process.execPath, [cli, ...options], { cwd: root });
    return await readFile(output, 'utf8');
  } catch (error) {
    throw new Error(`Tailwind refused assets/app.css:\n${error.stderr ?? error.message}`, {
      cause: error,
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Every .ts file directly in assets/ is an entry point; shared code lives in assets/client/. */
async function compileScripts() {
  const entries = (await readdir(assetsDir)).filter((name) => name.endsWith('.ts'));
  const result = await build({
    entryPoints: entries.map((name) => join(assetsDir, name)),
    bundle: true,
    minify: !dev,
    sourcemap: dev ? 'inline' : false,
    format: 'esm',
    target: 'es2022',
    outdir: publicDir,
    write: false,
    logLevel: 'silent',
  });
  return result.outputFiles.map((file) => [basename(file.path), file.contents]);
}

async function readAll(folder, extensions) {
  const names = await readdir(folder).catch(() => []);
  const wanted = names.filter((name) => extensions.includes(extname(name)));
  return Promise.all(wanted.map(async (name) => [name, await readFile(join(folder, name))]));
}

function publish(name, content) {
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 10);
  const extension = extname(name);
  const hashed = `${basename(name, extension)}.${hash}${extension}`;
  manifest[name] = publicPath + hashed;
  files.set(hashed, content);
}

/** The stylesheet names fonts and images as url(/assets/<name>); the hash goes in here. */
function withHashedUrls(css) {
  return css.replaceAll(/url\((["']?)\/assets\/([\w.-]+)\1\)/g, (whole, quote, name) => {
    if (!manifest[name]) throw new Error(`assets/app.css asks for ${name}, which does not exist`);
    return `url(${manifest[name]})`;
  });
}

/** The manifest is replaced last and in one step, so a running server never sees half a build. */
async function write() {
  await mkdir(publicDir, { recursive: true });
  const old = (await readdir(publicDir)).filter((name) => !files.has(name));
  await Promise.all([...files].map(([name, content]) => writeFile(join(publicDir, name), content)));
  const draft = join(publicDir, 'manifest.json.tmp');
  await writeFile(draft, `${JSON.stringify(manifest, null, 2)}\n`);
  await rename(draft, join(publicDir, 'manifest.json'));
  const stale = old.filter((name) => name !== 'manifest.json');
  await Promise.all(stale.map((name) => rm(join(publicDir, name), { force: true })));
}
