/**
 * Declarations for the proof of the routes. A route with a parameter, or a form with an id, that is not
 * declared here fails the proof.
 */

/** `row`: the id of another organisation's row in that table. `text`: no id, and why not. */
export type Parameter = { row: string } | { text: string; why: string };

/** By the path up to the parameter; deeper paths inherit it. */
export const PARAMETERS: Record<string, Parameter> = {
  '/projects/:id': { row: 'project' },
  '/settings/billing/issued/:id': { row: 'issued_invoice' },
  '/settings/data/:id': { row: 'tenant_export' },
  '/settings/api/:id': { row: 'api_key' },
  '/settings/users/:id': { row: 'user_profile' },
  '/admin/flags/:name': { text: 'projects', why: 'a feature, by the name it has in the code' },
  '/profile/sessions/:id': { row: 'session' },
  '/api/v1/members/:id': { row: 'user_profile' },
  '/api/v1/invitations/:id': { row: 'invitation' },
  '/api/v1/projects/:id': { row: 'project' },
  '/api/v1/me/sessions/:id': { row: 'session' },
  '/api/webhooks/:provider': { text: 'sandbox', why: 'a payment provider, by name' },
  '/api/docs/:file': { text: 'swagger-ui.css', why: 'a file of Swagger UI' },
  '/password-reset/confirm/:token': { text: 'x'.repeat(43), why: 'a secret, known by its hash' },
  '/email/verify/:token': { text: 'x'.repeat(43), why: 'a secret, known by its hash' },
  '/email/change/:token': { text: 'x'.repeat(43), why: 'a secret, known by its hash' },
  '/email/not-me/:token': { text: 'x'.repeat(43), why: 'a secret, known by its hash' },
  '/invite/accept/:token': { text: 'x'.repeat(43), why: 'a secret, known by its hash' },
  '/media/:kind': { text: 'avatars', why: 'a folder of pictures' },
  '/media/:kind/:name': { text: `${'0'.repeat(64)}.webp`, why: 'an address nobody can guess' },
  '/dev/mail/:id': { row: 'kept_mail' },
  '/dev/billing/checkout/:id': { text: 'cs_1', why: 'an id of the sandbox provider' },
  '/dev/billing/portal/:id': { text: 'cus_1', why: 'an id of the sandbox provider' },
  '/dev/billing/invoice/:id': { text: 'in_1', why: 'an id of the sandbox provider' },
  '/admin/users/:id': { row: 'users' },
  '/admin/:entity': { text: 'tenants', why: 'the list of an entity, for staff only' },
  '/admin/:entity/bulk/:action': {
    text: 'deactivate',
    why: 'a word: what to do with what is ticked',
  },
  '/admin/:entity/:id': { row: 'tenant' },
  '/admin/:entity/:id/:action': { text: 'deactivate', why: 'a word: what to do with a row' },
};

/** Routes that show rows of all people on purpose, with the reason. */
export const OPEN: Record<string, string> = {
  '/dev/mail': 'the mails of a developer: these routes do not exist in production',
};

/** Paths without a controller: built files. */
export const FILES = ['/assets/{*any}'];

/** Form fields that hold the id of a row: the table by field name. */
export const ID_FIELDS: Record<string, string> = {
  profile_id: 'user_profile',
  invitation_id: 'invitation',
  subject_id: 'tenant',
};

/** Forms with several actions: the values that select each of them. */
export const ACTS: Record<string, Array<Record<string, string>>> = {
  '/settings/users/': ['promote', 'set_role', 'deactivate', 'reengage', 'resend', 'cancel'].map(
    (action) => ({ action }),
  ),
};

/** Valid values of the other fields, so that a form or body is processed up to its id. */
type Typed = Record<string, string | boolean>;

/** Fields with the same meaning everywhere. */
const TYPED_ANYWHERE: Typed = {
  email: 'stranger@isolation.test',
  password: 'paper lantern orbit',
  version: '1',
  theme: 'night',
  language: 'en',
  country: 'BE',
  timezone: 'Europe/Brussels',
  organization: 'Taken over',
};

/** Fields by path; deeper paths inherit them. */
const PROJECT: Typed = { status: 'active', due_date: '2027-01-01' };
const TYPED: Record<string, Typed> = {
  '/projects': PROJECT,
  '/api/v1/projects': PROJECT,
  '/settings/users': { role: 'member' },
  '/api/v1/members': { role: 'member', is_active: false },
  '/api/v1/invitations': { role: 'member' },
  '/api/v1/me': { marketing_emails: true },
  '/admin/flags/:name': { kind: 'tenant', state: 'off', unit: 'tenant', percent: '0' },
  '/admin/:entity': { role: 'member' },
  '/admin/users/:id/act': {
    reason: 'To take it over, if that is possible',
    minutes: '60',
    mode: 'change',
  },
};

/** The values for the fields of a route; a deeper path takes precedence. */
export function typedFor(path: string): Typed {
  const above = Object.keys(TYPED).filter((each) => `${path}/`.startsWith(`${each}/`));
  const deepestLast = above.sort((a, b) => a.length - b.length);
  return Object.assign({}, TYPED_ANYWHERE, ...deepestLast.map((each) => TYPED[each])) as Typed;
}
