import { PrivilegedRole } from './privileged-role.js';

export const scheduleRole = new PrivilegedRole(
  'schedule',
  'Jobs of each organisation begin with those for which it is time. Their work is done within each.',
);
