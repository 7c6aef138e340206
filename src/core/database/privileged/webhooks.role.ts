import { PrivilegedRole } from './privileged-role.js';

export const webhooksRole = new PrivilegedRole(
  'webhooks',
  'An event is written with its cause for the organisation it happened in, which staff and jobs may act for, and a worker delivers what is due for all organisations. Requests may not say that something was delivered.',
);
