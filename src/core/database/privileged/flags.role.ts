import { PrivilegedRole } from './privileged-role.js';

export const flagsRole = new PrivilegedRole(
  'flags',
  'Which features are on is decided by staff for any organisation or person, chosen by name, and is known to every process before anybody asks.',
);
