import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { ENGINE } from '../support/database.js';
import { allow } from '../support/limits.js';

const ROOT = resolve(import.meta.dirname, '../..');

/** A folder that lasts until all engines have run, where there are several (`scripts/test.mjs`). */
export const FOLDER = process.env.ATRIUM_TEST_FOLDER;

/** What is made or kept by the machine, and not part of the project. */
const LEFT_OUT = new Set(['.git', 'node_modules', 'dist', 'data', '.env']);

interface Texts {
  [name: string]: string | Texts;
}

/** A copy of the project, to be changed as an adopter would. Packages are shared with the original. */
export class Scratch {
  readonly root: string;
  private readonly written = new Set<string>();

  /** @param root one that was left by a run before this one */
  constructor(root?: string) {
    this.root = root ?? mkdtempSync(join(FOLDER ?? tmpdir(), 'atrium-adopter-'));
    if (!root) this.fill();
  }

  private fill(): void {
    cpSync(ROOT, this.root, {
      recursive: true,
      filter: (path) => !LEFT_OUT.has(basename(path)),
    });
    // Each package by itself: what a build remembers (`node_modules/.cache`) is the copy's own.
    mkdirSync(join(this.root, 'node_modules'));
    for (const name of readdirSync(join(ROOT, 'node_modules'))) {
      if (name === '.cache') continue;
      symlinkSync(join(ROOT, 'node_modules', name), join(this.root, 'node_modules', name));
    }
  }

  /** The files that were written or changed, in alphabetical order. */
  get changed(): string[] {
    return [...this.written].sort();
  }

  read(path: string): string {
    return readFileSync(join(this.root, path), 'utf8');
  }

  write(path: string, text: string): void {
    this.written.add(path);
    writeFileSync(join(this.root, path), text);
  }

  /** @throws Error where the file does not say `before` */
  edit(path: string, before: string | RegExp, after: string): void {
    const text = this.read(path);
    const edited = text.replace(before, after);
    if (edited === text) throw new Error(`${path} does not say ${String(before)}`);
    this.write(path, edited);
  }

  /** The paths that match, relative to the copy. */
  find(pattern: string): string[] {
    return globSync(pattern, { cwd: this.root });
  }

  /** Every source file with a hash of its text. */
  snapshot(): Record<string, string> {
    const files = ['src', 'brand', 'views', 'i18n', 'test', 'migrations'].flatMap((folder) =>
      this.find(`${folder}/**/*.*`),
    );
    const hash = (path: string) => createHash('sha256').update(this.read(path)).digest('hex');
    return Object.fromEntries(files.sort().map((path) => [path, hash(path)]));
  }

  /** The files that are new, or others than in that snapshot. */
  changedSince(before: Record<string, string>): string[] {
    return Object.entries(this.snapshot())
      .filter(([path, hash]) => before[path] !== hash)
      .map(([path]) => path);
  }

  remove(path: string): void {
    rmSync(join(this.root, path), { recursive: true });
  }

  /** Runs Node there. @throws Error with all it said, when it fails */
  async run(...args: string[]): Promise<string> {
    const { JEST_WORKER_ID: _, ...environment } = process.env;
    const child = spawn(process.execPath, args, {
      cwd: this.root,
      env: {
        ...environment,
        ATRIUM_TEST_ENGINE: ENGINE,
        // Not measured there: its database starts from this run's (template.mjs).
        ATRIUM_TEST_TIMEOUT: String(allow(60_000)),
        FORCE_COLOR: '0',
      },
    });
    const said: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => said.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => said.push(chunk));
    const code = await new Promise<number | null>((done) => child.on('close', done));
    const text = Buffer.concat(said).toString();
    if (code !== 0) throw new Error(`node ${args.join(' ')} ended with ${code}\n${text}`);
    return text;
  }

  /** The imports, as `npm run check` looks at them. */
  async depends(): Promise<void> {
    const cruise = 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs';
    await this.run(cruise, '--config', '.dependency-cruiser.mjs', '-T', 'err', 'src', 'migrations');
  }

  /** Adds a text; `group`: its file and the keys above it, `projects.fields`. */
  say(language: string, group: string, name: string, text: string): void {
    const [file, ...path] = group.split('.');
    const texts = JSON.parse(this.read(`i18n/${language}/${file}.json`)) as Texts;
    let place = texts;
    for (const key of path) place = place[key] as Texts;
    place[name] = text;
    this.write(`i18n/${language}/${file}.json`, `${JSON.stringify(texts, null, 2)}\n`);
  }

  /** Runs the tests at these paths, in one process, on the engine of this run. */
  async test(...paths: string[]): Promise<void> {
    await this.run(
      '-e',
      "import('./scripts/support/steps.mjs').then((steps) => steps.compileCode())",
    );
    await this.run('node_modules/jest/bin/jest.js', '--ci', '--runInBand', ...paths);
  }

  /** Runs tests that are to fail, and returns what they said. @throws Error when they pass */
  async failing(...paths: string[]): Promise<string> {
    try {
      await this.test(...paths);
    } catch (error) {
      return (error as Error).message;
    }
    throw new Error(`${paths.join(', ')} passed`);
  }

  async checkTypes(): Promise<void> {
    await this.run('scripts/text-keys.mjs');
    await this.run('node_modules/typescript/bin/tsc', '--noEmit', '--pretty', 'false');
  }

  end(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
