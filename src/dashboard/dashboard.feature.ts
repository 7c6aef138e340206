import { defineFeature } from '../core/features/feature.js';
import { DashboardModule } from './dashboard.module.js';

/** The dashboard; features declare its quick actions. */
export const dashboard = defineFeature({
  name: 'dashboard',
  module: DashboardModule,
  nav: [
    {
      section: 'dashboard',
      href: '/dashboard/',
      icon: 'dashboard',
      text: 'dashboard.nav',
      position: 10,
      group: 'main',
      isInDock: true,
    },
  ],
});
