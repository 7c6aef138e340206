import { randomUUID } from 'node:crypto';
import Handlebars from 'handlebars';
import { BoundedCache } from '../utils/bounded-cache.js';
import type { Shell } from './shell.js';

type Template = (model: { shell: Shell }) => string;

/** What of the shell is another with every page; these stand for it in what is kept. */
const TOKEN = randomUUID();
const PATH = randomUUID();
const MARKS = new RegExp(`(${TOKEN}|${PATH})`);

/** Some 10 kB each. */
const MOST = 500;

/**
 * The bars and menus around a page: the same from one page of a person to the next, but for the token
 * of their forms and where those lead back to. They are rendered once and kept under all they can look
 * at: they are given the shell and nothing else, and the whole of it is the key.
 */
export class FragmentCache {
  private readonly kept = new BoundedCache<string, Map<string, string[]>>(MOST);
  private readonly ofShell = new WeakMap<Shell, Map<string, string[]>>();

  render(name: string, template: Template, shell: Shell): string {
    const known = this.known(shell);
    let pieces = known.get(name);
    if (!pieces) known.set(name, (pieces = template({ shell: standIn(shell) }).split(MARKS)));
    const token = Handlebars.escapeExpression(shell.csrfToken);
    const path = Handlebars.escapeExpression(shell.path);
    let html = '';
    for (const piece of pieces) html += piece === TOKEN ? token : piece === PATH ? path : piece;
    return html;
  }

  private known(shell: Shell): Map<string, string[]> {
    let known = this.ofShell.get(shell);
    if (!known) this.ofShell.set(shell, (known = this.alike(keyOf(shell))));
    return known;
  }

  private alike(key: string): Map<string, string[]> {
    return this.kept.get(key) ?? this.kept.set(key, new Map<string, string[]>());
  }
}

/** All that frames can look at; the languages on offer follow from the one that is spoken. */
function keyOf(shell: Shell): string {
  return JSON.stringify({ ...standIn(shell), languages: null });
}

/** Messages and nonce belong to one page; no frame shows them. */
function standIn(shell: Shell): Shell {
  return { ...shell, csrfToken: TOKEN, path: PATH, nonce: '', flashes: [] };
}
