import type { TextKey } from '../../i18n/text-keys.js';
import type { Chart } from './chart.js';
import type { Comparison } from './comparison.js';

/** A number of the start page, and the list behind it. */
export interface Tile {
  label: TextKey;
  /** Several where they cannot be added up, as amounts in several currencies. */
  values: string[];
  href: string;
  /** The same in the period before. */
  compared?: Comparison;
  /** Staff have to look. */
  isAlarming?: boolean;
}

export interface StartChart {
  name: string;
  /** The key of its texts (`title`, `text`, `none`), without these. */
  texts: string;
  /** The days add up to something. */
  isSum?: true;
  chart: Chart;
  /** The same in the period before. */
  compared?: Comparison | null;
}

export interface StartSection {
  title: TextKey;
  tiles: Tile[];
  charts: StartChart[];
}

/** What was counted, as it is kept in the snapshot: JSON. */
export interface CountedFigures {
  /** How many rows had to be looked at: beyond 10,000 of all features a job counts (ADR 32). */
  rows: number;
}

/**
 * Figures of a feature on the start page of the back office. A provider of this class in a feature's module adds a
 * section.
 */
export abstract class StartFigures<Counted extends CountedFigures = CountedFigures> {
  /** The name it is kept by in the snapshot. */
  abstract readonly name: string;
  /** Position on the page, lowest first. */
  abstract readonly position: number;
  /** One statement at most. Null: there is nothing to show. */
  abstract count(): Promise<Counted | null>;
  abstract present(counted: Counted): StartSection;
}
