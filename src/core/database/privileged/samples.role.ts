import { PrivilegedRole } from './privileged-role.js';

export const samplesRole = new PrivilegedRole(
  'samples',
  'Sample data is taken away again. The role deletes rows of the organisation in context that are noted as sample rows, and sees no others.',
);
