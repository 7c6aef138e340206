import type { TextKey } from '../i18n/text-keys.js';

/**
 * Rows of a feature with a due date, which the dashboard shows to whoever may open their list: what is overdue, and
 * what falls due within two weeks.
 */
export interface AgendaDeclaration {
  icon: string;
  /** Path of the list. */
  href: string;
  /** The order of the list by due date: `due` of `?sort=due`. */
  sort: string;
  /** What the list is called. */
  text: TextKey;
  /** Lowest first. */
  position: number;
  /** A table of organisations, and its columns that name a row and hold the day. */
  table: string;
  title: string;
  day: string;
  /** The column that holds the member who is told on the morning of that day. */
  member?: string;
  /** Column and value of rows that are done; an index on the others keeps it fast. */
  done?: readonly [column: string, value: string];
}
