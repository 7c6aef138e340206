import { defineFeature } from '../core/features/feature.js';
import { HomeModule } from './home.module.js';

/** The public home page. */
export const home = defineFeature({
  name: 'home',
  module: HomeModule,
  publicPages: [{ href: '/', text: 'home.title', position: 10 }],
});
