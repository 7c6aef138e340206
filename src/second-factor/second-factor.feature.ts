import { defineFeature } from '../core/features/feature.js';
import { mail } from '../core/features/mail.js';
import type { Notice } from '../core/mail/mailer.js';
import { SecondFactorCard } from './second-factor.card.js';
import { SecondFactorModule } from './second-factor.module.js';

/** Second factors of people: authenticator apps and recovery codes. */
export const secondFactor = defineFeature({
  name: 'second-factor',
  module: SecondFactorModule,
  tables: {
    totp: {
      kind: 'personal',
      grants: { identity: ['select', 'insert', 'update', 'delete'] },
    },
    recovery_code: {
      kind: 'personal',
      grants: { identity: ['select', 'insert', 'update', 'delete'] },
    },
  },
  audit: {
    actions: {
      'second_factor.added': { kind: 'access' },
      'second_factor.removed': { kind: 'access' },
      'recovery_code.used': { kind: 'access' },
      'recovery_code.replaced': { kind: 'access' },
    },
    fields: {
      recovery_codes: 'plain',
    },
  },
  profileCards: [
    {
      section: 'security',
      position: 20,
      source: SecondFactorCard,
      isHiddenFromImpersonators: true,
    },
  ],
  mails: {
    // Kinds of factors as in `users.factors`.
    'second-factor-added': mail<Notice & { kind: string }>(),
    'second-factor-removed': mail<Notice & { kind: string }>(),
    'recovery-code-used': mail<Notice & { left: number }>(),
    'recovery-codes-new': mail<Notice>(),
  },
});
