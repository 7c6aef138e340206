import { defineFeature } from '../core/features/feature.js';
import { SettingsModule } from './settings.module.js';

/** The settings; features declare the tabs. */
export const settings = defineFeature({
  name: 'settings',
  module: SettingsModule,
  nav: [
    {
      section: 'settings',
      href: '/settings/',
      icon: 'settings',
      text: 'settings.nav',
      position: 80,
      audience: 'admin',
      group: 'administration',
      isInDock: true,
    },
  ],
});
