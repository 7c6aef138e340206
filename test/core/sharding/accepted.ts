/** Places whose statements ask more than one organisation, by the reason they have. */
const BY_REASON: Record<string, string[]> = {
  'asked before it is known whose the request is: by the hash of a token or key, an address, or an id of the payment provider':
    [
      'src/api-keys/api-keys.repository.ts machineOf',
      'src/api-keys/api-keys.repository.ts touch',
      'src/billing/manual/manual.repository.ts ownerOf',
      'src/billing/sync/billing-customers.repository.ts tenantOf',
      'src/billing/sync/billing-customers.repository.ts update',
      'src/members/invitation-links/invitation-links.repository.ts opened',
      'src/members/invitations/invitations.repository.ts known',
      'src/members/invitations/invitations.repository.ts opened',
      'src/users/second-factors/pending-sign-ins.repository.ts countTry',
      'src/users/second-factors/pending-sign-ins.repository.ts find',
      'src/users/sessions/principals.repository.ts byId',
      'src/users/sessions/principals.repository.ts byToken',
      'src/users/users.repository.ts credentials',
    ],
  'about one person, found by their account: the profile may belong to no organisation': [
    'src/closure/closure.repository.ts find',
    'src/members/invitations/invitations.repository.ts pending',
    'src/users/profiles.repository.ts saveChoices',
    'src/users/profiles.repository.ts shown',
    'src/users/profiles.repository.ts shownToOwner',
  ],
  'the name of a member by its key, which a composite foreign key holds within the organisation': [
    'src/members/members.repository.ts listed',
    'src/members/members.repository.ts nameOf',
    'src/projects/projects.repository.ts listed',
  ],
  'a worker looks for what is due, or keeps what it did, in every organisation; it goes through them in pages':
    [
      'src/billing/manual/manual.repository.ts customersAfter',
      'src/billing/manual/manual.repository.ts due',
      'src/billing/notices/notices.repository.ts candidates',
      'src/billing/sync/billing-customers.repository.ts page',
      'src/closure/closure.repository.ts toRemind',
      'src/closure/erasure/erasure.repository.ts due',
      'src/notifications/mail/notification-digest.repository.ts tenants',
      'src/tenants/jobs/tenant-jobs.repository.ts claim',
      'src/webhooks/deliveries/webhook-queue.repository.ts claim',
      'src/webhooks/deliveries/webhook-queue.repository.ts disable',
      'src/webhooks/deliveries/webhook-queue.repository.ts failed',
      'src/webhooks/deliveries/webhook-queue.repository.ts giveUp',
      'src/webhooks/deliveries/webhook-queue.repository.ts hasDue',
      'src/webhooks/deliveries/webhook-queue.repository.ts note',
      'src/webhooks/deliveries/webhook-queue.repository.ts noticed',
      'src/webhooks/deliveries/webhook-queue.repository.ts recovered',
      'src/webhooks/deliveries/webhook-queue.repository.ts waiting',
    ],
  'a daily job removes what is over, or files that no row names': [
    'src/attachments/attachments.repository.ts filesAmong',
    'src/attachments/attachments.repository.ts removeDeleted',
    'src/audit/audit-retention.repository.ts countPersonal',
    'src/audit/audit-retention.repository.ts countStrangers',
    'src/audit/audit-retention.repository.ts removePersonal',
    'src/audit/audit-retention.repository.ts removeStrangers',
    'src/core/csv/row-imports.repository.ts removeOld',
    'src/notifications/notification-retention.repository.ts remove',
    'src/tenants/export/tenant-exports.repository.ts archivesAmong',
    'src/tenants/export/tenant-exports.repository.ts dropExpired',
    'src/tenants/tenants.repository.ts logosAmong',
    'src/users/profiles.repository.ts avatarsAmong',
    'src/webhooks/webhook-retention.repository.ts removeDeliveries',
    'src/webhooks/webhook-retention.repository.ts removeEvents',
  ],
  'staff see, count or check all organisations, or one that the statement does not name': [
    'src/admin/statistics.repository.ts count',
    'src/audit/activity.repository.ts listed',
    'src/audit/activity.repository.ts shared',
    'src/audit/audit.repository.ts checkedPage',
    'src/audit/audit.repository.ts verify',
    'src/audit/redaction/audit-redaction.repository.ts redact',
    'src/billing/figures/billing-figures.repository.ts count',
    'src/billing/invoices/issued-invoices.repository.ts all',
    'src/billing/invoices/issued-invoices.repository.ts find',
    'src/billing/invoices/issued-invoices.repository.ts overdue',
    'src/flags/flags.repository.ts candidates',
    'src/flags/flags.repository.ts dropException',
    'src/flags/flags.repository.ts exceptionOf',
    'src/flags/flags.repository.ts exceptions',
    'src/flags/flags.repository.ts subject',
    'src/impersonation/impersonation.repository.ts add',
    'src/members/administration/administration.repository.ts organisationOf',
    'src/members/administration/administration.repository.ts ownerOfSession',
    'src/members/administration/administration.repository.ts user',
  ],
  'each process keeps all exceptions of feature flags in memory': [
    'src/flags/flags.repository.ts decisions',
  ],
};

export const CROSSING: Record<string, string> = Object.fromEntries(
  Object.entries(BY_REASON).flatMap(([reason, places]) => places.map((place) => [place, reason])),
);

/** Tables whose rows may belong to no organisation. */
const WITHOUT_ORGANISATION = ['audit_entry', 'feature_override', 'user_profile'];

/** Foreign keys that lead from an organisation to accounts, which are those of no organisation. */
const PAST_THE_SHARD: Record<string, string[]> = {
  feature_override: ['fk_feature_override_user_id'],
  invitation: ['fk_invitation_invited_by_id'],
  user_profile: ['fk_user_profile_user_id'],
};

/** What is unique among all organisations besides primary keys, which would become (tenant_id, id). */
const UNIQUE: Record<string, string[]> = {
  api_key: ['uq_api_key_key_hash'],
  attachment: ['uq_attachment_file_key'],
  audit_entry: ['uq_audit_entry_chain_position'],
  billing_customer: [
    'uq_billing_customer_provider_external_id',
    'uq_billing_customer_trial_vat_number',
  ],
  feature_override: ['uq_feature_override_flag_user_id'],
  invitation: ['uq_invitation_token_hash'],
  invitation_link: ['uq_invitation_link_token_hash'],
  invoice: ['uq_invoice_provider_external_id'],
  issued_invoice: ['uq_issued_invoice_corrects_id', 'uq_issued_invoice_seller_kind_year_position'],
  subscription: ['uq_subscription_provider_external_id'],
};

/** Tables that have no key of their own but that of their organisation. */
const KEYED_BY_ORGANISATION = [
  'invoice_settlement',
  'manual_customer',
  'member_word',
  'number_counter',
  'sample_row',
  'tenant',
];

/** What keeps a table from being distributed as it is. */
export function expectedObstacles(table: string): string[] {
  return [
    ...(WITHOUT_ORGANISATION.includes(table) ? ['rows without an organisation'] : []),
    ...[
      ...(KEYED_BY_ORGANISATION.includes(table) ? [] : [`pk_${table}`]),
      ...(UNIQUE[table] ?? []),
    ].map((name) => `unique without the organisation: ${name}`),
    ...(PAST_THE_SHARD[table] ?? []).map((name) => `refers past its shard: ${name}`),
  ];
}
