/**
 * The roles the application's queries run as. None of them owns anything or can bypass row-level
 * security; each sees what its policies and grants say, and nothing else (see `migrations/`).
 *
 * `app_user` is the ordinary one: rows of the organisation in the scope, and one's own account.
 * Every other role is a door: a named, narrow way to more, with the reason it exists. A new reason
 * is a new door with its own role, never a wider use of an old one.
 */
export const ROLES = {
  user: 'app_user',
  identity: 'app_identity',
  outbox: 'app_outbox',
  idempotency: 'app_idempotency',
  audit: 'app_audit',
  flags: 'app_flags',
  staff: 'app_staff',
  upkeep: 'app_upkeep',
} as const;

export type Operation = 'select' | 'insert' | 'update' | 'delete';

interface DoorDeclaration {
  role: string;
  reason: string;
  /** Tables of any organisation or person it reaches, and how; `pgboss.*` is every table of the jobs. */
  may: Readonly<Record<string, readonly Operation[]>>;
}

/** `npm run prove:isolation` holds the database to this list, in both directions. */
export const DOORS = {
  identity: {
    role: ROLES.identity,
    reason:
      'Who is this? Sessions, sign-in, registration, password reset, keys of access tokens, API keys and rate limits come before any organisation is known.',
    may: {
      users: ['select', 'insert', 'update'],
      // Of a profile only the name it is listed under may be changed, when an address changes.
      user_profile: ['select', 'insert', 'update'],
      // The words of that name with it.
      member_word: ['select', 'insert', 'delete'],
      // Whoever opens an invitation is in no organisation yet.
      invitation: ['select'],
      tenant: ['select'],
      session: ['select', 'insert', 'update', 'delete'],
      user_token: ['select', 'insert', 'update', 'delete'],
      spent_token: ['select', 'insert', 'delete'],
      // Which organisation a key of the API acts as; of it only when it was last used may be changed.
      api_key: ['select', 'update'],
      signing_key: ['select', 'insert', 'update', 'delete'],
      rate_limit: ['select', 'insert', 'update', 'delete'],
    },
  },
  outbox: {
    role: ROLES.outbox,
    reason:
      'A job is stored with its cause. Requests may add jobs; only the worker may read what others have added.',
    may: {
      kept_mail: ['select', 'insert', 'delete'],
      'pgboss.*': ['select', 'insert'],
    },
  },
  audit: {
    role: ROLES.audit,
    reason:
      'An entry of the audit trail is written with its cause and never changed. Requests may not write entries of their own making, and sign-ins that fail belong to no organisation.',
    may: {
      audit_entry: ['select', 'insert'],
      audit_head: ['select', 'insert', 'update'],
    },
  },
  idempotency: {
    role: ROLES.idempotency,
    reason:
      'What was answered to a request with an Idempotency-Key is found by the hash of that key, also where nobody is signed in.',
    may: { idempotent_answer: ['select', 'insert', 'update', 'delete'] },
  },
  flags: {
    role: ROLES.flags,
    reason:
      'Which features are on is decided by staff for any organisation or person, chosen by name, and is known to every process before anybody asks.',
    may: {
      feature_override: ['select', 'insert', 'update', 'delete'],
      feature_rollout: ['select', 'insert', 'update', 'delete'],
      tenant: ['select'],
      users: ['select'],
      user_profile: ['select'],
    },
  },
  staff: {
    role: ROLES.staff,
    reason:
      'The back office: the operator sees every organisation and person, never a password or a token. What superusers change of an organisation is changed in it, by its own services; only what belongs to no organisation is changed through here.',
    may: {
      tenant: ['select'],
      // A trigger notes there whether the account is open; no other column may be written.
      user_profile: ['select', 'update'],
      invitation: ['select'],
      project: ['select'],
      // Who may sign in, and who is staff.
      users: ['select', 'update'],
      session: ['select'],
      kept_mail: ['select'],
      audit_entry: ['select'],
      kept_figures: ['select', 'insert', 'update'],
      // A job that was given up is moved back to its queue.
      'pgboss.*': ['select', 'insert', 'update', 'delete'],
    },
  },
  upkeep: {
    role: ROLES.upkeep,
    reason:
      'What is over goes, whoever it belonged to: sessions with their spent tokens, mailed links, files that no row points to, what the audit trail need not keep. Nothing that is still good can be removed through here.',
    may: {
      session: ['select', 'delete'],
      spent_token: ['select', 'delete'],
      user_token: ['select', 'delete'],
      // Only address and device may be changed, to nothing; only sign-ins of no account removed.
      audit_entry: ['select', 'update', 'delete'],
      // Where the chains of those begin now.
      audit_head: ['select', 'update'],
      // Of these only the keys of what they keep in the storage.
      user_profile: ['select'],
      tenant: ['select'],
      tenant_export: ['select'],
    },
  },
} as const satisfies Record<string, DoorDeclaration>;

export type Door = keyof typeof DOORS;
