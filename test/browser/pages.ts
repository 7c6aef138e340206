/**
 * Every page of the product by visitor: the list that browser tests and screenshots use. A page route that is
 * missing here fails `test/browser/pages.test.ts`.
 */
export type Visitor = 'anyone' | 'newcomer' | 'member' | 'admin' | 'staff' | 'acting' | 'gone';

/** A word after a colon is replaced by a prepared id or token. */
export const PAGES: Readonly<Record<Visitor, readonly string[]>> = {
  anyone: [
    '/',
    '/login/',
    '/register/',
    '/password-reset/',
    '/password-reset/done/',
    '/password-reset/confirm/:reset/',
    '/password-reset/complete/',
    '/email/verify/nonsense/',
    '/email/change/nonsense/',
    '/email/not-me/nonsense/',
    '/invite/accept/:invitation/',
    '/invite/accept/nonsense/',
    '/nowhere/',
    '/dev/mail/',
    '/dev/mail/:mail/',
    '/dev/components/',
  ],
  newcomer: ['/profile/complete/', '/email/verify/', '/onboarding/create-tenant/'],
  member: ['/dashboard/', '/settings/users/'],
  admin: [
    '/dashboard/',
    '/profile/',
    '/projects/',
    '/projects/?q=nothing+is+called+this',
    '/projects/new/',
    '/projects/:project/',
    '/settings/users/',
    '/settings/users/?state=invited',
    '/settings/users/?q=nobody+is+called+this',
    '/settings/general/',
    '/settings/api/',
    '/settings/data/',
    '/settings/activity/',
    '/settings/activity/?kind=access',
    '/settings/billing/',
    '/settings/billing/issued/:invoice/',
  ],
  staff: [
    '/admin/',
    '/admin/flags/',
    '/admin/flags/projects/',
    '/admin/users/',
    '/admin/users/?q=nobody+is+called+this',
    '/admin/users/bulk/deactivate/?id=:user',
    '/admin/users/:user/',
    '/admin/users/:user/act/',
    '/admin/profiles/:profile/',
    '/admin/profiles/:profile/edit/',
    '/admin/profiles/:profile/deactivate/',
    '/admin/tenants/:tenant/',
    '/admin/mails/:mail/',
    '/admin/jobs/',
    '/admin/dead-letters/',
    '/admin/audit/',
    '/admin/countries/',
  ],
  // During impersonation: every kind of page with its banner, and a forbidden one.
  acting: [
    '/dashboard/',
    '/profile/',
    '/profile/complete/',
    '/email/verify/',
    '/',
    '/settings/api/',
    '/projects/',
    '/projects/:project/',
  ],
  gone: ['/account/revoked/'],
};

/** Routes whose GET does not answer a page, and what they answer. */
export const NO_PAGES: Readonly<Record<string, string>> = {
  '/profile/password/': 'leads back to /profile/',
  '/profile/email/': 'leads back to /profile/',
  '/profile/deactivate/': 'leads back to /profile/',
  '/settings/activity.csv/': 'a file',
  '/settings/data/:id/download/': 'a file',
  '/settings/': 'leads to /settings/users/',
  '/settings/members/': 'leads to /settings/users/',
  '/dev/billing/': 'not there unless BILLING_PROVIDER is the sandbox',
  '/dev/billing/checkout/:id/': 'not there unless BILLING_PROVIDER is the sandbox',
  '/dev/billing/portal/:id/': 'not there unless BILLING_PROVIDER is the sandbox',
  '/dev/billing/invoice/:id/': 'not there unless BILLING_PROVIDER is the sandbox',
};
