import type { Type } from '@nestjs/common';
import type { TextKey } from '../i18n/text-keys.js';

/**
 * Rows of a feature that are found by typing, by who may open their list: people and API keys need its permission, flags and
 * entitlement.
 */
export interface SearchDeclaration {
  /** Heading of what is found. */
  text: TextKey;
  icon: string;
  /** Lowest first. */
  position: number;
  /** Path of the list, which takes `?q=`. */
  href: string;
  source: Type<SearchSource>;
}

/** Finds rows of the organisation; a provider of the feature. */
export interface SearchSource {
  /**
   * In one statement, in the order of the list.
   * @param q 1 to 100 characters
   * @param limit maximum number of rows
   */
  find(q: string, limit: number): Promise<FoundRow[]>;
}

export interface FoundRow {
  id: string;
  /** Where it is looked at, a path of this site. */
  href: string;
  title: string;
  /** Tells rows of the same title apart. */
  detail?: string;
  /** Instead of the icon of the kind. */
  face?: { url: string | null; initials: string };
}
