import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { installedFeatures } from '../../src/core/features/registry.js';
import { folderOf, ownerOf, type Visitor } from '../support/samples.js';

/** Rewrites what is stored: `ATRIUM_UPDATE_TREES=1 npm test -- test/browser/accessibility`. */
const COMMAND = 'ATRIUM_UPDATE_TREES=1 npm test -- test/browser/accessibility';
const isUpdating = process.env.ATRIUM_UPDATE_TREES === '1';
/** Who runs it reads what is new before they commit it; elsewhere nobody would. */
const mayAdd = isUpdating || !process.env.CI;

/** The features whose trees are stored, a line each: with others, pages that many features add to are other pages. */
const FEATURES = join(import.meta.dirname, 'trees.features.txt');
const features = () =>
  `${installedFeatures()
    .map(({ name }) => name)
    .toSorted()
    .join('\n')}\n`;

type Trees = Map<string, string>;

/**
 * The accessibility trees of pages, as a screen reader finds them, beside the samples of their features:
 * `test/<feature>/<feature>.trees.txt`. A tree that is not stored yet is written, unless in CI. Where a feature came or
 * went, nothing is compared before the trees were stored anew.
 */
export class StoredTrees {
  private readonly stored = new Map<string, Trees>();
  private readonly seen = new Map<string, Trees>();

  /** What stands around the content is the same on all pages of a visitor: it is read on the first one. */
  private readonly around = new Set<Visitor>();

  async see(page: Page, who: Visitor, path: string): Promise<void> {
    const main = page.locator('main');
    const hasMain = (await main.count()) === 1;
    this.note(
      ownerOf(who, path),
      `${who} ${path}`,
      await (hasMain ? main : body(page)).ariaSnapshot(),
    );
    // Pages about the API have a side bar of their own.
    if (this.around.has(who) || !hasMain || path.startsWith('/api/')) return;
    this.around.add(who);
    const whole = await body(page).ariaSnapshot();
    this.note('core', `${who}, around the content`, withoutMain(whole));
  }

  /** Pages whose tree is another one, by visitor and path; what is stored where it is to be rewritten. */
  differences(isWhole: boolean): {
    stored: Record<string, string[]>;
    found: Record<string, string[]>;
  } {
    const result = {
      stored: {} as Record<string, string[]>,
      found: {} as Record<string, string[]>,
    };
    const isOtherProduct = readFileSync(FEATURES, 'utf8') !== features();
    if (isOtherProduct && !isUpdating) {
      console.warn(`A feature came or went, so that no page was compared: ${COMMAND}`);
    }
    for (const [feature, trees] of this.seen) {
      const before = this.read(feature);
      for (const [page, tree] of trees) {
        const known = before.get(page);
        if (known === tree || isUpdating || isOtherProduct) continue;
        if (known === undefined && mayAdd) continue;
        result.stored[page] = known?.split('\n') ?? [`nothing is stored: ${COMMAND}`];
        result.found[page] = tree.split('\n');
      }
      this.write(feature, trees, before, isWhole);
    }
    return result;
  }

  private note(feature: string, page: string, tree: string): void {
    const trees = this.seen.get(feature) ?? new Map<string, string>();
    this.seen.set(feature, trees.set(page, steady(tree)));
  }

  private read(feature: string): Trees {
    let trees = this.stored.get(feature);
    if (!trees) this.stored.set(feature, (trees = parse(fileOf(feature))));
    return trees;
  }

  /** Rewrites the file where something is new, or all of it where that is asked for. */
  private write(feature: string, seen: Trees, before: Trees, isWhole: boolean): void {
    const missing = [...seen].filter(([page]) => !before.has(page));
    if (!isUpdating && (missing.length === 0 || !mayAdd)) return;
    if (isUpdating && isWhole) writeFileSync(FEATURES, features());
    const kept = isUpdating && isWhole ? new Map<string, string>() : before;
    const added = isUpdating ? [...seen] : missing;
    const all = [...new Map([...kept, ...added])].sort(([one], [other]) => (one < other ? -1 : 1));
    const text = all.map(([page, tree]) => `# ${page}\n${tree}\n`).join('\n');
    writeFileSync(fileOf(feature), text);
  }
}

function fileOf(feature: string): string {
  return join(folderOf(feature), `${feature}.trees.txt`);
}

function parse(file: string): Trees {
  if (!existsSync(file)) return new Map();
  const sections = readFileSync(file, 'utf8').split(/^# /m).slice(1);
  return new Map(
    sections.map((section) => {
      const end = section.indexOf('\n');
      return [section.slice(0, end), section.slice(end + 1).trimEnd()];
    }),
  );
}

const body = (page: Page) => page.locator('body');

/** Without the block of the content, at whatever depth it stands. */
function withoutMain(tree: string): string {
  const lines = tree.split('\n');
  const at = lines.findIndex((line) => /^\s*- main\b/.test(line));
  if (at < 0) return tree;
  const depth = indentOf(lines[at]!);
  const rest = lines.slice(at + 1).findIndex((line) => indentOf(line) <= depth);
  const after = rest < 0 ? [] : lines.slice(at + 1 + rest);
  return [...lines.slice(0, at), `${' '.repeat(depth)}- main: …`, ...after].join('\n');
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

const MONTH = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec)[a-z]*';

/** Rows of the list of jobs, with what belongs to them. */
const JOBS =
  /(?:^( +)- row "[^\n]*\n\1 {2}- rowheader [^\n]*\n\1 {4}- link [^\n]*\n\1 {6}- \/url: \/admin\/jobs\/<id>\/\n(?:\1 {2}[^\n]*(?:\n|$))*)+/gm;

/**
 * Replaces what is another one each time: ids, tokens, dates, times, numbers; and jobs, whose states and order the
 * workers decide. Levels of headings stay.
 */
function steady(tree: string): string {
  return withoutNumbers(tree).replace(JOBS, '$1- row: jobs\n').trimEnd();
}

function withoutNumbers(tree: string): string {
  return tree
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<id>')
    .replace(/atrium_[a-z0-9]{6,}(?![\w-])/g, '<key>')
    .replace(/(?:[A-Z0-9]{4} ){3,}[A-Z0-9]{4}(?!\w)/g, '<secret>')
    .replace(/https?:\/\/(?:127\.0\.0\.1|localhost):\d+/g, '<home>')
    .replace(/(?<![\w-])(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{20,}(?![\w-])/g, '<token>')
    .replace(
      new RegExp(String.raw`\d{1,2} ${MONTH}(?: \d{4})?(?:,? \d{1,2}:\d{2}(?::\d{2})?)?`, 'g'),
      '<date>',
    )
    .replace(/\d{4}-\d{2}-\d{2}(?:T[\d:.]+Z?)?/g, '<date>')
    .replace(/\d{1,2}:\d{2}(?::\d{2})?/g, '<time>')
    .replace(
      /\b(?:now|yesterday|\d+ (?:second|minute|hour|day)s? ago|in \d+ (?:second|minute|hour|day)s?(?! ago))\b/g,
      '<moment>',
    )
    .replace(/(?<!\[level=)\b\d+(?:[.,\u00a0]\d+)*/g, '0');
}
