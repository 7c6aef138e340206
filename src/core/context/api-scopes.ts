/** What a key of the API may be allowed, resource by resource; to write does not include to read. */
export const API_SCOPES = [
  'members:read',
  'members:write',
  'invitations:read',
  'invitations:write',
  'projects:read',
  'projects:write',
  'tenant:read',
  'tenant:write',
] as const;

export type ApiScope = (typeof API_SCOPES)[number];
