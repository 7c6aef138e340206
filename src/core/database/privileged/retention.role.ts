import { PrivilegedRole } from './privileged-role.js';

export const retentionRole = new PrivilegedRole(
  'retention',
  'What is over goes, whoever it belonged to: sessions with their spent tokens, mailed links, files that no row points to, what the audit trail need not keep. Nothing that is still good can be removed through here.',
);
