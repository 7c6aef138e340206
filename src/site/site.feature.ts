import { defineFeature } from '../core/features/feature.js';
import { SiteModule } from './site.module.js';

/** What a public site has besides its home page: legal pages, contact, status, and files that browsers ask for. */
export const site = defineFeature({
  name: 'site',
  module: SiteModule,
  publicPages: [
    { href: '/contact/', text: 'site.contact.title', position: 60, isInFooter: true },
    { href: '/status/', text: 'site.status.title', position: 70, isInFooter: true },
    { href: '/legal/terms/', text: 'site.terms.title', position: 80, isInFooter: true },
    { href: '/legal/privacy/', text: 'site.privacy.title', position: 90, isInFooter: true },
  ],
});
