/**
 * The roles the application's queries run as. None of them owns anything or can bypass row-level
 * security; each sees what its policies and grants say, and nothing else (see `migrations/`).
 *
 * `app_user` is the ordinary one: rows of the organisation in the scope, and one's own account.
 * Every other role is a door: a named, narrow way to more, with the reason it exists. A new reason
 * is a new door with its own role, never a wider use of an old one.
 */
export const DATABASE_ROLES = {
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

/** What a privileged role may do with the rows of a table, whomever they belong to. */
export type Grants = Readonly<Partial<Record<PrivilegedRole, readonly Operation[]>>>;

interface PrivilegedRoleDeclaration {
  role: string;
  reason: string;
}

/**
 * Which tables a role reaches, and how, is declared with each table (`grants` in its feature); `npm run
 * prove:isolation` holds the database to that, in both directions.
 */
export const PRIVILEGED_ROLES = {
  identity: {
    role: DATABASE_ROLES.identity,
    reason:
      'Who is this? Sessions, sign-in, registration, password reset, keys of access tokens, API keys and rate limits come before any organisation is known.',
  },
  outbox: {
    role: DATABASE_ROLES.outbox,
    reason:
      'A job is stored with its cause. Requests may add jobs; only the worker may read what others have added.',
  },
  audit: {
    role: DATABASE_ROLES.audit,
    reason:
      'An entry of the audit trail is written with its cause and never changed. Requests may not write entries of their own making, and sign-ins that fail belong to no organisation.',
  },
  idempotency: {
    role: DATABASE_ROLES.idempotency,
    reason:
      'What was answered to a request with an Idempotency-Key is found by the hash of that key, also where nobody is signed in.',
  },
  flags: {
    role: DATABASE_ROLES.flags,
    reason:
      'Which features are on is decided by staff for any organisation or person, chosen by name, and is known to every process before anybody asks.',
  },
  staff: {
    role: DATABASE_ROLES.staff,
    reason:
      'The back office: the operator sees every organisation and person, never a password or a token. What superusers change of an organisation is changed in it, by its own services; only what belongs to no organisation is changed through here.',
  },
  upkeep: {
    role: DATABASE_ROLES.upkeep,
    reason:
      'What is over goes, whoever it belonged to: sessions with their spent tokens, mailed links, files that no row points to, what the audit trail need not keep. Nothing that is still good can be removed through here.',
  },
} as const satisfies Record<string, PrivilegedRoleDeclaration>;

export type PrivilegedRole = keyof typeof PRIVILEGED_ROLES;
