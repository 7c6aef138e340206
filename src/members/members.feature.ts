import type { Role } from '../core/context/principal.js';
import { defineFeature } from '../core/features/feature.js';
import { mail } from '../core/features/mail.js';
import { notification } from '../core/features/notification.js';
import type { ToOutsider } from '../core/mail/mailer.js';
import { HAS_COMPANY } from './invitations/has-company.js';
import { InvitationsExport } from './invitations/invitations-export.js';
import { MembersExport } from './members-export.js';
import { MembersModule } from './members.module.js';
import { MembersSearch } from './members.search.js';

interface HandOverMail {
  organization: string;
  /** Names. */
  from: string;
  to: string;
  url: string;
}

/** Memberships, invitations, and their administration by staff. i18n-uses: members.audit.made.* */
export const members = defineFeature({
  name: 'members',
  module: MembersModule,
  tables: {
    // The holder of an invitation link has no organisation yet.
    invitation: { kind: 'tenant', grants: { identity: ['select'], staff: ['select'] } },
    // As of invitations: the holder of a link has no organisation yet.
    invitation_link: {
      kind: 'tenant',
      notExported: 'hashes of secrets; who made and revoked a link is in the activity',
      grants: { identity: ['select'] },
    },
    bulk_action: {
      kind: 'tenant',
      notExported: 'which members an action has changed, so that it can be taken back for a day',
    },
    // Search words of a profile, which change with the address.
    member_word: {
      kind: 'tenant',
      notExported: 'the words of names that the members part holds',
      grants: { identity: ['select', 'insert', 'delete'] },
    },
  },
  permissions: {
    'members:read': { roles: ['admin'] },
    'members:write': { roles: ['admin'] },
    'invitations:read': { roles: ['admin'] },
    'invitations:write': { roles: ['admin'] },
    'hand_over:write': { roles: ['admin'], isForPeopleOnly: true },
  },
  audit: {
    kinds: { members: { icon: 'users', position: 20 } },
    actions: {
      'member.joined': { kind: 'members', isShared: true, eventNeeds: 'members:read' },
      'member.role_changed': {
        kind: 'members',
        isShared: true,
        eventNeeds: 'members:read',
        byNewValue: { field: 'role', sentences: 'members.audit.made' },
      },
      'member.handed_over': { kind: 'members' },
      'member.deactivated': { kind: 'members', isShared: true, eventNeeds: 'members:read' },
      'member.reengaged': { kind: 'members', isShared: true, eventNeeds: 'members:read' },
      'invitation.created': { kind: 'members', isShared: true, eventNeeds: 'invitations:read' },
      'invitation.resent': { kind: 'members', isShared: true, eventNeeds: 'invitations:read' },
      'invitation.cancelled': { kind: 'members', isShared: true, eventNeeds: 'invitations:read' },
      'invitation.restored': { kind: 'members', isShared: true, eventNeeds: 'invitations:read' },
      'invitation.accepted': { kind: 'members', isShared: true, eventNeeds: 'invitations:read' },
      'invitation_link.created': { kind: 'members' },
      'invitation_link.revoked': { kind: 'members' },
    },
    fields: { role: { words: 'members.roles' }, max_uses: 'plain', domains: 'plain' },
  },
  limits: { members: { free: 3, reached: 'members.errors.limit_reached' } },
  settingsTabs: [{ name: 'users', href: '/settings/users/', text: 'members.tab', position: 10 }],
  search: {
    members: {
      text: 'members.list.members',
      icon: 'users',
      position: 10,
      href: '/settings/users/',
      source: MembersSearch,
    },
  },
  dashboardActions: [
    {
      href: '/settings/users/',
      icon: 'user-plus',
      text: 'members.dashboard_action',
      position: 20,
      audience: 'admin',
    },
  ],
  checklist: [
    {
      ...{ href: '/settings/users/#invite', text: 'members.checklist', position: 30 },
      hint: 'members.checklist_hint',
      isDone: { sql: HAS_COMPANY },
    },
  ],
  onboardingSteps: {
    tenant: {
      path: '/onboarding/create-tenant/',
      position: 30,
      stage: 'members.onboarding.stage',
      isDone: ({ tenantId }) => tenantId !== null,
    },
    revoked: {
      path: '/account/revoked/',
      position: 40,
      isDone: ({ profileActive }) => profileActive,
    },
  },
  onboardingOffers: [
    { name: 'invite', path: '/onboarding/invite/', position: 10, stage: 'members.team.stage' },
  ],
  notifications: {
    'member.joined': notification<{ name: string }>({
      icon: 'user-plus',
      href: '/settings/users/',
      audience: 'admin',
    }),
    'member.role_changed': notification<{ role: Role }>({
      icon: 'shield',
      href: '/profile/',
      words: { role: 'members.roles' },
    }),
  },
  mails: {
    invitation: mail<
      ToOutsider & { url: string; inviter: string; logoUrl: string | null; days: number }
    >(),
    'organisation-closed': mail<{ organization: string }>(),
    'handed-over': mail<HandOverMail>(),
    'handed-over-to-you': mail<HandOverMail>(),
  },
  exportParts: {
    members: {
      text: 'members.data_part',
      table: 'user_profile',
      columns: ['id', 'display_name', 'email', 'role', 'is_active', 'joined_at', 'revoked_at'],
      source: MembersExport,
    },
    invitations: {
      text: 'members.data_part',
      table: 'invitation',
      columns: ['id', 'email', 'role', 'state', 'created_at', 'expires_at'],
      source: InvitationsExport,
    },
  },
  rateLimits: {
    // Twice as many as are invited at once: what they cost is asked with the same list.
    invitation: { seconds: 3600, perAddress: 400, perAccount: 200 },
    /** Asking for a mail by an invitation link: the account is the typed address. */
    invitation_link: { seconds: 3600, perAddress: 60, perAccount: 10 },
    /** Per token of the link: the request carries a password, which must not be cheap to guess. */
    acceptance: { seconds: 3600, perAddress: 200, perAccount: 10 },
  },
});
