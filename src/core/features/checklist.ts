import type { Principal } from '../context/principal.js';
import type { TextKey } from '../i18n/text-keys.js';

/**
 * Something that an organisation begins with, on the dashboard of its admins until it is done. Shown to whoever may open
 * the page it leads to.
 */
export interface ChecklistItemDeclaration {
  /** Page where it is done, perhaps with a fragment. */
  href: string;
  text: TextKey;
  hint?: TextKey;
  /** Lowest first. */
  position: number;
  /** Whether it is done: by what the request knows of the person, or by a condition in SQL; `$1` is the profile. */
  isDone: ((me: Principal) => boolean) | { sql: string };
}
