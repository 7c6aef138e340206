import { defineFeature } from '../core/features/feature.js';
import { mail } from '../core/features/mail.js';
import type { Notice } from '../core/mail/mailer.js';
import { PasskeysCard } from './passkeys.card.js';
import { PasskeysModule } from './passkeys.module.js';

/** Passkeys (Web Authentication Level 3): sign-in without a password, second factor and step-up. */
export const passkeys = defineFeature({
  name: 'passkeys',
  module: PasskeysModule,
  tables: {
    passkey: {
      kind: 'personal',
      grants: { identity: ['select', 'insert', 'update', 'delete'] },
    },
    // Names nobody: random numbers of challenges that were used.
    spent_challenge: {
      kind: 'global',
      grants: { identity: ['select', 'insert', 'update', 'delete'] },
    },
  },
  audit: {
    actions: {
      'passkey.added': { kind: 'access' },
      'passkey.renamed': { kind: 'access' },
      'passkey.removed': { kind: 'access' },
    },
    fields: { passkey: 'plain' },
  },
  profileCards: [
    {
      section: 'security',
      position: 10,
      source: PasskeysCard,
      isHiddenFromImpersonators: true,
    },
  ],
  mails: {
    'passkey-added': mail<Notice & { name: string }>(),
    'passkey-removed': mail<Notice & { name: string }>(),
  },
});
