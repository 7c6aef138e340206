import { PrivilegedRole } from './privileged-role.js';

export const staffRole = new PrivilegedRole(
  'staff',
  'The back office: the operator sees every organisation and person, never a password or a token. What superusers change of an organisation is changed in it, by its own services; only what belongs to no organisation, and the notes and saved filters of staff, is changed through here.',
);
