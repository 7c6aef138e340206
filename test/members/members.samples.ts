import type { Samples } from '../support/samples.js';

const HANDED_OVER = {
  organization: 'Ketje',
  from: 'Emma Claes',
  to: 'Nele Peeters',
  url: 'http://atrium.test/a/path/',
};

const LINK = { domains: ['acme.example'], max_uses: 5, days: 7 };

export const samples: Samples = {
  parameters: {
    '/settings/users/:id': { row: 'user_profile' },
    '/settings/users/bulk/:id': { row: 'bulk_action' },
    '/settings/users/invitations/:id': { row: 'invitation' },
    '/api/v1/members/:id': { row: 'user_profile' },
    '/api/v1/invitations/:id': { row: 'invitation' },
    '/settings/users/links/:id': { row: 'invitation_link' },
    '/api/v1/invitation-links/:id': { row: 'invitation_link' },
    '/invite/link/:token': { text: 'x'.repeat(43), why: 'a secret, known by its hash' },
    '/invite/accept/:token': { text: 'x'.repeat(43), why: 'a secret, known by its hash' },
  },
  rows: {
    bulk_action: (_marker, idOf) => ({
      action: 'deactivate',
      row_ids: [idOf('user_profile')],
      versions: [1],
    }),
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
    '/api/v1/invitation-links': { role: 'member', domains: ['acme.example'], max_uses: 5, days: 7 },
    '/settings/users/links': { role: 'member', max_uses: '5', days: '7' },
  },
  pages: {
    anyone: ['/invite/accept/:invitation/', '/invite/accept/nonsense/', '/invite/link/:joinLink/'],
    newcomer: ['/onboarding/create-tenant/'],
    founder: ['/onboarding/invite/'],
    member: ['/settings/users/'],
    admin: [
      '/settings/users/',
      '/settings/users/?state=invited',
      '/settings/users/bulk/?action=deactivate&profile_id=:profile',
      '/settings/users/links/',
      '/settings/hand-over/',
      '/settings/users/?q=nobody+is+called+this',
    ],
  },
  noPages: { '/settings/members/': 'leads to /settings/users/' },
  things: async ({ people }) => {
    const numbers = { max_uses: '5', days: '7' };
    const made = await people.admin.browser.fill('/settings/users/links/', numbers);
    return { joinLink: made.at('main code').split('/').filter(Boolean).at(-1) ?? '' };
  },
  withoutScript: {
    'an admin makes an invitation link, a visitor asks for its mail, and the admin revokes it':
      async ({ page, open, send, expectText }) => {
        await open(page, '/settings/users/links/');
        await send(page, '/settings/users/links/', { max_uses: '3', days: '7' });
        await expectText(page, 'The link is ready.');
        const url = new URL((await page.locator('main code').textContent()) ?? '');
        await open(page, url.pathname);
        await send(page, '/invite/link/:token/', { email: 'asked@guest.test' });
        await expectText(page, 'Check your mail');
        await open(page, '/settings/users/links/');
        await page.click('[data-link] a[href^="#revoke-"]');
        await send(page, '/settings/users/links/:id/revoke/', {}, ':target');
        await expectText(page, 'The link is revoked.');
      },
  },
  apiJourneys: {
    'invitation links are answered as documented': async ({ client, ask }) => {
      const made = await ask(client, 'createInvitationLink', LINK);
      expect(made.body.url).toMatch(/\/invite\/link\//);
      await ask(client, 'createInvitationLink', { ...LINK, domains: ['gmail.com'] });
      await ask(client, 'createInvitationLink', { ...LINK, max_uses: 1001 });
      await ask(client, 'listInvitationLinks');
      const at = { id: made.body.id as string };
      expect((await ask(client, 'revokeInvitationLink', undefined, at)).status).toBe(204);
      expect((await ask(client, 'revokeInvitationLink')).status).toBe(404);
    },
  },
  apiThings: {
    '/invitation-links/{id}': async (client) =>
      (await client.post('/invitation-links', LINK)).body.id,
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
