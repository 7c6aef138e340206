import { PrivilegedRole } from './privileged-role.js';

export const identityRole = new PrivilegedRole(
  'identity',
  'Who is this? Sessions, sign-in, registration, password reset, keys of access tokens, API keys and rate limits come before any organisation is known.',
);
