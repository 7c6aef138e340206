import type { TextKey } from '../core/i18n/text-keys.js';
import type { FoundRow } from '../core/features/search.js';
import type { Destination } from './destinations.service.js';
import type { FoundKind } from './search.service.js';

/** A link that was found. */
export interface FoundLink {
  href: string;
  icon: string;
  title: string;
  detail: string | null;
  face: FoundRow['face'] | null;
}

/** What was found of one kind. */
export interface FoundGroup {
  /** Part of its id in the page. */
  name: string;
  text: TextKey;
  links: FoundLink[];
  /** The list, filtered by what was typed, where it has more. */
  allHref: string | null;
}

export function presentDestinations(
  name: string,
  text: TextKey,
  found: readonly Destination[],
): FoundGroup {
  const links = found.map(({ href, icon, title, within }) => ({
    ...{ href, icon, title },
    detail: within,
    face: null,
  }));
  return { name, text, links, allHref: null };
}

export function presentKind({ name, declared, rows, hasMore }: FoundKind, q: string): FoundGroup {
  const { text, icon, href } = declared;
  const links = rows.map(({ href: to, title, detail = null, face = null }) => ({
    ...{ href: to, icon, title, detail, face },
  }));
  const allHref = hasMore ? `${href}?${new URLSearchParams({ q }).toString()}` : null;
  return { name: `rows-${name}`, text, links, allHref };
}
