import type { TextKey } from '../i18n/text-keys.js';

/** Where the rows of one kind are made up. */
export interface SampleStory {
  /** Profile of the admin who asks: whose the rows are. */
  readonly memberId: string;
  /** A text in the language of whoever asks. */
  t(key: TextKey, args?: Readonly<Record<string, unknown>>): string;
  /** The day that is so many days from today, for whoever asks, as `2027-01-31`; negative: in the past. */
  day(days: number): string;
  /** Adds a row to a table that some feature declares in `sampleData`, and returns its id. `values` by property of the entity. */
  row(table: string, values: Readonly<Record<string, unknown>>): string;
  /** Ids of the rows that were added to a table before. */
  ids(table: string): readonly string[];
}

/**
 * A table of organisations that sample rows are added to. The role that takes them away reaches nothing else of it
 * (`letSamplesGo` of `migrations/support`).
 */
export interface SampleDataDeclaration {
  /** What the rows are called, in the plural. */
  text: TextKey;
  /** Path of their list: a row is at `<href><id>/`. Absent: they are on the pages of other rows. */
  href?: string;
  /** The column that names a row. */
  title?: string;
  /** Makes rows up, where whoever asks may open the list. Absent: other features add them. */
  rows?: () => Promise<{ tell(story: SampleStory): void }>;
}

/**
 * SQL condition: the row `alias` is a sample row as it was added. It counts for no limit of a plan, and nobody is
 * reminded of it. The trigger `stamp_audit` gives a row that is added the moment of its transaction, and a row that is changed
 * another one.
 */
export const isUntouchedSample = (alias: string) => `EXISTS (SELECT FROM sample_row s
    WHERE s.tenant_id = ${alias}.tenant_id AND s.row_id = ${alias}.id AND s.added_at = ${alias}.updated_at)`;
