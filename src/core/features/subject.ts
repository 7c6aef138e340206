import type { Type } from '@nestjs/common';
import type { Card } from '../http/pages/card.js';

/**
 * Rows of a table that other features keep something about, such as comments. Whoever may open the list of the rows may
 * read that: people and API keys need its permission, flags and entitlement.
 */
export interface SubjectDeclaration {
  /** Path of the list: a row is at `<href><id>/`. */
  href: string;
  /** The column that names a row. */
  title: string;
  /** What is kept about the rows, by the names of `subjectCards`. */
  has: readonly string[];
}

/** What a feature keeps about rows of other features, on the page of such a row (`SubjectCards`). */
export interface SubjectCardDeclaration {
  /** Lowest first. */
  position: number;
  /** The permission to read what is on it. */
  reads: string;
  /** The table of it, whose columns `subject` and `subject_id` name the row. */
  table: string;
  source: Type<SubjectCardSource>;
}

/** Makes the card of a row; a provider of the feature. */
export interface SubjectCardSource {
  /**
   * `card('<feature>/partials/<name>', model)` in one statement; null: not shown.
   * @param kind table of the row, as `subjects` names it
   */
  subjectCard(kind: string, id: string): Promise<Card | null>;
}
