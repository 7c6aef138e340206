/**
 * npm run dev: builds, starts the application, and on every change compiles the changed files and
 * restarts it. Types are checked beside it and never stand in the way of a restart.
 */
import { spawn } from 'node:child_process';
import { existsSync, rmSync, watch } from 'node:fs';
import { join } from 'node:path';
import { bin, node, root } from './support/project.mjs';
import { buildAssets, compileCode, forgetCode } from './support/steps.mjs';
import { compileFile, compileProblem, isSource } from './support/compile.mjs';

const restartDelay = 120;
const patience = 10_000;

let app;
let timer;
let working = Promise.resolve();
const changed = new Set();

const compiled = await attempt(compileCode);
await styles();
forgetCode();

for (const folder of ['src', 'migrations', 'assets', 'brand', 'views', 'i18n']) watchFolder(folder);
const types = startTypeCheck();
if (compiled) startApp();
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, end);

function watchFolder(folder) {
  if (!existsSync(join(root, folder))) return;
  watch(join(root, folder), { recursive: true }, (_, name) => {
    // Editors write swap files beside the file, and a type check may write its own.
    if (!name || /(^|[/\\])\.|~$|\.tsbuildinfo$/.test(name)) return;
    changed.add(join(folder, name));
    clearTimeout(timer);
    timer = setTimeout(() => (working = working.then(apply)), restartDelay);
  });
}

async function apply() {
  const files = [...changed];
  changed.clear();
  if (files.length === 0) return;
  say(files.length === 1 ? files[0] : `${files.length} files changed`);
  const isCompiled = await attempt(async () => {
    for (const file of files.filter(isCode)) await recompile(join(root, file));
  });
  if (!isCompiled) {
    // Compiled again with the next change, so that no old version of them runs on.
    for (const file of files) changed.add(file);
    return;
  }
  // A class named anywhere may be new to the stylesheet.
  if (files.some((file) => !/^(i18n|migrations)/.test(file))) await styles();
  await stopApp();
  startApp();
}

async function attempt(step) {
  try {
    await step();
    return true;
  } catch (error) {
    console.error(compileProblem(error));
    return false;
  }
}

async function styles() {
  const problem = await buildAssets({ minified: false });
  if (problem) console.error(problem);
}

function isCode(file) {
  return /^(src|migrations)[/\\]/.test(file) && isSource(file);
}

async function recompile(file) {
  if (existsSync(file)) return compileFile(file);
  const output = join(root, 'dist', file.slice(root.length + 1).replace(/\.ts$/, '.js'));
  for (const path of [output, `${output}.map`]) rmSync(path, { force: true });
}

function startApp() {
  const child = spawn(node, ['--enable-source-maps', 'dist/src/main.js'], {
    cwd: root,
    stdio: 'inherit',
    env: { NODE_ENV: 'development', ...process.env },
  });
  app = child;
  child.on('exit', (code) => {
    if (app !== child) return;
    app = undefined;
    say(`The application ended (${code ?? 'signal'}). Waiting for a change.`);
  });
}

/** The embedded database allows one process on its folder: the old one ends before the new one starts. */
function stopApp() {
  const child = app;
  app = undefined;
  if (!child) return Promise.resolve();
  return new Promise((done) => {
    const kill = setTimeout(() => child.kill('SIGKILL'), patience);
    child.once('exit', () => {
      clearTimeout(kill);
      done();
    });
    child.kill('SIGTERM');
  });
}

function startTypeCheck() {
  const flags = ['--noEmit', '--watch', '--preserveWatchOutput', '--pretty', 'false'];
  const child = spawn(node, [bin('typescript', 'tsc'), '-p', 'tsconfig.build.json', ...flags], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child.stdout.on('data', (chunk) => {
    for (const line of chunk.toString().split('\n')) {
      if (line.trim() && !/(Starting|File change)/.test(line)) say(line.trim(), 'types');
    }
  });
  return child;
}

async function end() {
  types.kill();
  await stopApp();
  process.exit(0);
}

function say(text, who = 'dev') {
  console.log(`[${who}] ${text}`);
}
