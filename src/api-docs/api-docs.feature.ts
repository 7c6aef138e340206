import { defineFeature } from '../core/features/feature.js';
import { GUIDES, guidePath } from './guides.js';
import { RESOURCES, ROOT } from './reference/resource.presenter.js';
import { ApiDocsModule } from './api-docs.module.js';

/** Pages about the JSON API, made of its OpenAPI document. */
export const apiDocs = defineFeature({
  name: 'api-docs',
  module: ApiDocsModule,
  publicPages: [
    { href: ROOT, text: 'api-docs.title', position: 30, isInFooter: true },
    { href: RESOURCES, text: 'api-docs.nav.resources', position: 32, isAbove: true },
    ...GUIDES.filter((name) => name !== 'overview').map((name) => ({
      href: guidePath(name),
      text: `api-docs.guides.${name}` as const,
      position: 31,
    })),
  ],
  // Found by the search of pages; in no side bar.
  nav: [
    {
      section: 'api-docs',
      href: '/api/docs/',
      icon: 'code',
      text: 'api-docs.title',
      position: 90,
    },
  ],
});
