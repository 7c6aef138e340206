import type { TextKey } from '../i18n/text-keys.js';

/**
 * A page for anybody that search engines list: in the sitemap, with a canonical address and one for each language
 * (`?lang=nl`). Every other page asks not to be listed.
 */
export interface PublicPageDeclaration {
  /** Path of a page of the access `public`, `/pricing/`. */
  href: string;
  text: TextKey;
  /** Lowest first. */
  position: number;
  /** Linked at the foot of public pages. */
  isInFooter?: true;
  /** Stands for the pages below this path, which are named to `PublicPages.nameBelow` while the application runs. */
  isAbove?: true;
  /** Exists only where plans are sold (`BILLING_PROVIDER`). */
  isOnlyWhereSold?: true;
}
