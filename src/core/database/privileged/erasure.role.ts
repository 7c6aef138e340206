import { PrivilegedRole } from './privileged-role.js';

export const erasureRole = new PrivilegedRole(
  'erasure',
  'An organisation that was closed for 30 days is erased. The role deletes rows of an organisation that the database says is being erased, and reaches none of any other.',
);
