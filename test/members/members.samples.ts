import type { Samples } from '../support/samples.js';

const HANDED_OVER = {
  organization: 'Ketje',
  from: 'Emma Claes',
  to: 'Nele Peeters',
  url: 'http://atrium.test/a/path/',
};

export const samples: Samples = {
  parameters: {
    '/settings/users/:id': { row: 'user_profile' },
    '/api/v1/members/:id': { row: 'user_profile' },
    '/api/v1/invitations/:id': { row: 'invitation' },
    '/invite/accept/:token': { text: 'x'.repeat(43), why: 'a secret, known by its hash' },
  },
  idFields: { member_id: 'user_profile', profile_id: 'user_profile', invitation_id: 'invitation' },
  acts: {
    '/settings/users/': ['promote', 'set_role', 'deactivate', 'reengage', 'resend', 'cancel'].map(
      (action) => ({ action }),
    ),
    '/settings/users/bulk/': [
      ...['deactivate', 'reengage', 'make_admin', 'make_member', 'resend', 'cancel'],
    ].map((action) => ({ action })),
  },
  typed: {
    '/settings/users': { role: 'member' },
    '/api/v1/members': { role: 'member', is_active: false },
    '/api/v1/invitations': { role: 'member' },
  },
  pages: {
    anyone: ['/invite/accept/:invitation/', '/invite/accept/nonsense/'],
    newcomer: ['/onboarding/create-tenant/'],
    member: ['/settings/users/'],
    admin: [
      '/settings/users/',
      '/settings/users/?state=invited',
      '/settings/users/bulk/?action=deactivate&profile_id=:profile',
      '/settings/hand-over/',
      '/settings/users/?q=nobody+is+called+this',
    ],
  },
  noPages: { '/settings/members/': 'leads to /settings/users/' },
  apiThings: {
    '/members/{id}': async (client) => (await client.get('/members')).body.items[0].id,
  },
  mails: {
    invitation: {
      recipient: { kind: 'outsider', because: 'members.mail.invitation.because' },
      organization: 'Ketje',
      inviter: 'Emma Claes',
      url: 'http://atrium.test/a/path/',
      logoUrl: null,
      days: 7,
    },
    'organisation-closed': { organization: 'Ketje' },
    'handed-over': HANDED_OVER,
    'handed-over-to-you': HANDED_OVER,
  },
};
