import { PrivilegedRole } from './privileged-role.js';

export const outboxRole = new PrivilegedRole(
  'outbox',
  'A job is stored with its cause. Requests may add jobs; only the worker may read what others have added.',
);
