/**
 * What every table holds. A new table fails the build until it stands here:
 * - `tenant`: data of one organisation; row-level security by organisation
 * - `personal`: data of one person; row-level security by person, or behind a door only
 * - `global`: the operator's own, naming no person and no organisation
 * - `reference`: the world as it is; the same for everybody
 */
export const TABLES: Record<string, 'tenant' | 'personal' | 'global' | 'reference'> = {
  tenant: 'tenant',
  user_profile: 'tenant',
  member_word: 'tenant',
  invitation: 'tenant',
  project: 'tenant',
  tenant_export: 'tenant',
  api_key: 'tenant',
  audit_entry: 'tenant',
  audit_head: 'tenant',
  feature_override: 'tenant',
  users: 'personal',
  session: 'personal',
  user_token: 'personal',
  spent_token: 'personal',
  signing_key: 'global',
  // Answers by the hash of a key; sealed, and readable through a door only.
  idempotent_answer: 'global',
  feature_rollout: 'global',
  // How many of what on which day.
  kept_figures: 'global',
  kept_mail: 'personal',
  rate_limit: 'global',
  migrations: 'global',
  reference_data_version: 'reference',
  country: 'reference',
  language: 'reference',
  timezone: 'reference',
  currency: 'reference',
  country_language: 'reference',
  country_timezone: 'reference',
  country_currency: 'reference',
};
