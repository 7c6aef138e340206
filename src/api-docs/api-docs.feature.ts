import { defineFeature } from '../core/features/feature.js';
import { ApiDocsModule } from './api-docs.module.js';

/** Pages about the JSON API, made of its OpenAPI document. */
export const apiDocs = defineFeature({
  name: 'api-docs',
  module: ApiDocsModule,
  publicPages: [{ href: '/api/docs/', text: 'api-docs.title', position: 30, isInFooter: true }],
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
