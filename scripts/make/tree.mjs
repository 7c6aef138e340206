import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import prettier from 'prettier';
import { Refused } from './refused.mjs';

/** The project's files with changes that are made all at once, or not at all. */
export class Tree {
  /** Text by path; null: the file goes. */
  #changes = new Map();

  constructor(root) {
    this.root = root;
  }

  exists(path) {
    return this.#changes.has(path)
      ? this.#changes.get(path) !== null
      : existsSync(join(this.root, path));
  }

  read(path) {
    const changed = this.#changes.get(path);
    if (changed !== undefined && changed !== null) return changed;
    if (!this.exists(path)) throw new Refused(`${path} does not exist.`);
    return readFileSync(join(this.root, path), 'utf8');
  }

  list(folder) {
    const absolute = join(this.root, folder);
    if (!existsSync(absolute)) return [];
    return readdirSync(absolute, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) =>
        join(entry.parentPath, entry.name)
          .slice(this.root.length + 1)
          .replaceAll('\\', '/'),
      );
  }

  /** Paths that begin like this and have been written. */
  written(start) {
    return [...this.#changes.keys()].filter((path) => path.startsWith(start));
  }

  write(path, text) {
    this.#changes.set(path, text);
  }

  remove(path) {
    this.#changes.set(path, null);
  }

  /** What differs from the files as they are, by path. */
  async changes() {
    const all = await Promise.all(
      [...this.#changes].map(async ([path, text]) => [
        path,
        text === null ? null : await this.#formatted(path, text),
      ]),
    );
    return new Map(
      all
        .filter(
          ([path, text]) =>
            text !==
            (existsSync(join(this.root, path))
              ? readFileSync(join(this.root, path), 'utf8')
              : null),
        )
        .sort(([one], [other]) => (one < other ? -1 : 1)),
    );
  }

  async #formatted(path, text) {
    if (!/\.(ts|json|md)$/.test(path)) return text;
    const options = await prettier.resolveConfig(join(this.root, path));
    return prettier.format(text, { ...options, filepath: path });
  }

  /** Writes everything beside its place first, so that a full disk changes nothing. */
  async commit() {
    const changes = await this.changes();
    const staged = [];
    try {
      for (const [path, text] of changes) {
        if (text === null) continue;
        const target = join(this.root, path);
        mkdirSync(dirname(target), { recursive: true });
        writeFileSync(`${target}.new~`, text);
        staged.push(target);
      }
    } catch (error) {
      staged.forEach((target) => rmSync(`${target}.new~`, { force: true }));
      throw error;
    }
    staged.forEach((target) => renameSync(`${target}.new~`, target));
    for (const [path, text] of changes)
      if (text === null) rmSync(join(this.root, path), { force: true });
    this.#removeEmptyFolders(changes);
    return [...changes.keys()];
  }

  #removeEmptyFolders(changes) {
    for (const [path, text] of changes) {
      if (text !== null) continue;
      for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) {
        const absolute = join(this.root, folder);
        if (!existsSync(absolute) || readdirSync(absolute).length > 0) break;
        rmSync(absolute, { recursive: true });
      }
    }
  }

  /** The changes as `git diff` shows them. */
  async diff() {
    const scratch = mkdtempSync(join(tmpdir(), 'atrium-make-'));
    try {
      let shown = '';
      for (const [path, text] of await this.changes()) {
        const after = join(scratch, 'after', path);
        mkdirSync(dirname(after), { recursive: true });
        if (text !== null) writeFileSync(after, text);
        const before = existsSync(join(this.root, path)) ? join(this.root, path) : '/dev/null';
        const sides = [before, text === null ? '/dev/null' : after];
        const { stdout } = spawnSync(
          'git',
          ['diff', '--no-index', '--no-color', '--no-prefix', ...sides],
          { encoding: 'utf8' },
        );
        const body = stdout.slice(stdout.indexOf('@@'));
        shown += `--- ${before === '/dev/null' ? before : path}\n+++ ${text === null ? '/dev/null' : path}\n${body}`;
      }
      return shown;
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  }

  /** @throws Refused where git knows of changes that are not committed */
  requireClean() {
    const { status, stdout } = spawnSync('git', ['status', '--porcelain'], {
      cwd: this.root,
      encoding: 'utf8',
    });
    if (status === 0 && stdout.trim() !== '') {
      throw new Refused(
        'The working tree has changes that are not committed: commit them first, or add --allow-dirty.',
      );
    }
  }

  /** Whether git has it in its history: others may have it too. */
  isCommitted(path) {
    const { status } = spawnSync('git', ['cat-file', '-e', `HEAD:${path}`], { cwd: this.root });
    return status === 0;
  }
}
