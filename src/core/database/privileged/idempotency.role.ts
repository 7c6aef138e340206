import { PrivilegedRole } from './privileged-role.js';

export const idempotencyRole = new PrivilegedRole(
  'idempotency',
  'What was answered to a request with an Idempotency-Key is found by the hash of that key, also where nobody is signed in.',
);
