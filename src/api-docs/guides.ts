import { ROOT, type Resource } from './reference/resource.presenter.js';

/** The pages about the whole API, in order; texts in `api-docs.guides`. */
export const GUIDES = [
  'overview',
  'authentication',
  'errors',
  'idempotency',
  'pagination',
  'versions',
  'rate-limits',
  'webhooks',
] as const;

export type Guide = (typeof GUIDES)[number];

/** The navigation of the API documentation. */
export interface DocsNav {
  guides: Array<{ name: Guide; href: string; current: boolean }>;
  resources: Array<{ title: string; href: string; current: boolean }>;
}

export function guidePath(guide: Guide): string {
  return guide === 'overview' ? ROOT : `${ROOT}${guide}/`;
}

/** @param current path of the page that is shown */
export function docsNav(resources: readonly Resource[], current: string): DocsNav {
  return {
    guides: GUIDES.map((name) => {
      const href = guidePath(name);
      return { name, href, current: href === current };
    }),
    resources: resources.map(({ title, href }) => ({ title, href, current: href === current })),
  };
}
