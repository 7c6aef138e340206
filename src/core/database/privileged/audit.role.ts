import { PrivilegedRole } from './privileged-role.js';

export const auditRole = new PrivilegedRole(
  'audit',
  'An entry of the audit trail is written with its cause and never changed. Requests may not write entries of their own making, and sign-ins that fail belong to no organisation.',
);
