import { PrivilegedRole } from './privileged-role.js';

export const notificationsRole = new PrivilegedRole(
  'notifications',
  'A daily digest begins with the organisations in which somebody waits for one. What they are told is read within each.',
);
