import { defineFeature } from '../core/features/feature.js';
import { ProfileModule } from './profile.module.js';

/** One's own profile, preferences, account and sessions. */
export const profile = defineFeature({
  name: 'profile',
  module: ProfileModule,
  audit: {
    actions: {
      'profile.updated': { kind: 'accounts' },
      'email.changed': { kind: 'access' },
      'account.closed': { kind: 'accounts', isShared: true, eventNeeds: 'members:read' },
    },
    fields: {
      display_name: 'masked',
      avatar_key: 'plain',
      theme: { words: 'profile.themes' },
      marketing_emails: 'plain',
      profile_completed_at: 'plain',
    },
  },
  storageFolders: {
    avatar: { holds: 'images', fit: 'cover', side: 256, quality: 82 },
  },
  nav: [
    {
      section: 'profile',
      href: '/profile/',
      icon: 'user',
      text: 'profile.nav',
      position: 90,
      audience: 'not_admin',
      isInDock: true,
    },
  ],
  profileSections: [
    { name: 'personal', href: '/profile/', text: 'profile.tabs.personal', position: 10 },
    { name: 'security', href: '/profile/security/', text: 'profile.tabs.security', position: 20 },
    {
      name: 'data',
      href: '/profile/data/',
      text: 'profile.tabs.data',
      position: 90,
      isHiddenFromImpersonators: true,
    },
  ],
  dashboardActions: [
    { href: '/profile/', icon: 'user', text: 'profile.dashboard_action', position: 40 },
  ],
  onboardingSteps: {
    profile: {
      path: '/profile/complete/',
      position: 10,
      stage: 'profile.onboarding.stage',
      isDone: ({ profileCompletedAt, flags }) =>
        profileCompletedAt !== null || flags.skip_profile_gate === true,
    },
  },
});
