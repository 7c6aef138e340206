import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { spawn } from 'node:child_process';
import { loadEnvFile } from 'node:process';

/** The project's root: every script works from any current directory. */
export const root = resolve(import.meta.dirname, '..', '..');

/** The Node these scripts start: the one of node_modules where the current one is older than 24. */
export const node = findNode();

/** The path of a command that an installed package brings, to be run with `node`. */
export function bin(packageName, command = packageName) {
  const manifest = join(root, 'node_modules', packageName, 'package.json');
  if (!existsSync(manifest)) {
    throw new Error(`${packageName} is not installed. Run "npm ci" first.`);
  }
  const { bin: commands } = JSON.parse(readFileSync(manifest, 'utf8'));
  return join(dirname(manifest), typeof commands === 'string' ? commands : commands[command]);
}

/**
 * Runs Node with these arguments in the project's root and resolves with the exit code and all it
 * wrote, in order. With `inherit` the output goes to the terminal instead.
 */
export function runNode(args, { env = {}, inherit = false, hush } = {}) {
  return new Promise((done) => {
    const child = spawn(node, args, {
      cwd: root,
      env: {
        ...process.env,
        ...(hush && process.stderr.isTTY ? { FORCE_COLOR: '1' } : {}),
        ...env,
      },
      stdio: inherit
        ? ['inherit', 'inherit', hush ? 'pipe' : 'inherit']
        : ['ignore', 'pipe', 'pipe'],
    });
    if (inherit) {
      child.stderr?.on('data', (chunk) => process.stderr.write(without(hush, chunk.toString())));
    }
    const chunks = [];
    child.stdout?.on('data', (chunk) => chunks.push(chunk));
    child.stderr?.on('data', (chunk) => chunks.push(chunk));
    child.on('error', (error) => done({ code: 1, output: String(error) }));
    child.on('close', (code, signal) =>
      done({ code: code ?? 1, signal, output: Buffer.concat(chunks).toString().trim() }),
    );
  });
}

/**
 * The application alone runs in production. What a developer starts runs in development, unless the
 * environment or `.env` says otherwise.
 */
export function developUnlessTold() {
  const file = join(root, '.env');
  if (existsSync(file)) loadEnvFile(file);
  process.env.NODE_ENV ||= 'development';
}

/** The text without the lines that `hush` matches. */
function without(hush, text) {
  return text
    .split(/(?<=\n)/)
    .filter((line) => !hush.test(line))
    .join('');
}

export function seconds(since) {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}

/** Node's hooks for its loader are not final: without the flag it says so in every worker. */
export const jestNodeOptions = [process.env.NODE_OPTIONS, '--disable-warning=ExperimentalWarning']
  .filter(Boolean)
  .join(' ');

function findNode() {
  const installed = join(root, 'node_modules', 'node', 'bin', 'node');
  const isOld = Number(process.versions.node.split('.')[0]) < 24;
  return isOld && existsSync(installed) ? installed : process.execPath;
}
