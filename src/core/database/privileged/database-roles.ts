/**
 * The roles the application's queries run as. None of them owns anything or can bypass row-level security;
 * each sees what its policies and grants say, and nothing else (see `migrations/`).
 *
 * `app_user` is the ordinary one: rows of the organisation in the request's context, and one's own account.
 * Every other one is privileged: a narrow way to more, with the reason it exists. A new reason is a new role,
 * never a wider use of an old one.
 */
export const DATABASE_ROLES = {
  user: 'app_user',
  identity: 'app_identity',
  outbox: 'app_outbox',
  idempotency: 'app_idempotency',
  audit: 'app_audit',
  flags: 'app_flags',
  staff: 'app_staff',
  retention: 'app_upkeep',
  billing: 'app_billing',
  webhooks: 'app_webhooks',
  notifications: 'app_notifications',
  erasure: 'app_erasure',
  schedule: 'app_schedule',
  samples: 'app_samples',
} as const;

export type PrivilegedRoleName = Exclude<keyof typeof DATABASE_ROLES, 'user'>;

export type Operation = 'select' | 'insert' | 'update' | 'delete';

/**
 * What privileged roles may do with the rows of a table, whomever they belong to. Declared with the table;
 * `npm run prove:isolation` holds the database to it, in both directions.
 */
export type Grants = Readonly<Partial<Record<PrivilegedRoleName, readonly Operation[]>>>;
