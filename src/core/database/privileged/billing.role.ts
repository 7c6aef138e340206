import { PrivilegedRole } from './privileged-role.js';

export const billingRole = new PrivilegedRole(
  'billing',
  'What a payment provider says is written down before anybody knows whose it is, and decides what an organisation may do. Only here can plan and access of an organisation be changed.',
);
