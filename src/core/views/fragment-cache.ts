import { randomUUID } from 'node:crypto';
import Handlebars from 'handlebars';
import { BoundedCache } from '../utils/bounded-cache.js';
import type { Shell } from './shell.js';

type Template = (model: { shell: Shell }) => string;

/** Placeholders in cached fragments for the parts of the shell that change with every page. */
const TOKEN = randomUUID();
const PATH = randomUUID();
const MARKS = new RegExp(`(${TOKEN}|${PATH})`);

/** Maximum number of fragments, about 10 kB each. */
const MOST = 500;

/**
 * Caches the bars and menus around a page, which change only in CSRF token and return path. A fragment is
 * rendered with the shell only, and the whole shell is its cache key (ADR 29).
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

/** Cache key: everything a fragment can read. Languages follow from the current one, the foot from `sells`. */
function keyOf(shell: Shell): string {
  return JSON.stringify({ ...standIn(shell), languages: null, footer: null });
}

/** The shell without flash messages and nonce, which belong to one page. */
function standIn(shell: Shell): Shell {
  return { ...shell, csrfToken: TOKEN, path: PATH, nonce: '', flashes: [] };
}
