import createClient from 'openapi-fetch';
import type { paths } from './schema.js';

/**
 * The first journey with the client that is generated from the document. `clients.test.ts` compiles it
 * beside the generated types and runs it with the address of a running application.
 */
const [address = ''] = process.argv.slice(2);
const password = 'paper lantern orbit';

function client(accessToken?: string) {
  const headers = accessToken ? { authorization: `Bearer ${accessToken}` } : {};
  return createClient<paths>({ baseUrl: address, headers });
}

/** Returns the body; an error status throws. */
function right<T>({ data, error }: { data?: T; error?: unknown }): T {
  if (data === undefined) throw new Error(JSON.stringify(error));
  return data;
}

const registered = await client().POST('/api/v1/auth/register', {
  body: { email: 'ann@client.example', password },
});
const ann = client(right(registered).access_token);
const completed = await ann.PUT('/api/v1/onboarding/profile', {
  body: { display_name: 'Ann', timezone: 'Europe/Brussels' },
});
if (right(completed).onboarding.next_step !== 'tenant') throw new Error('not the next step');
right(await ann.POST('/api/v1/onboarding/tenant', { body: { organization: 'Client' } }));

const invite = () =>
  ann.POST('/api/v1/invitations', {
    params: { header: { 'Idempotency-Key': 'invite-ben' } },
    body: { email: 'ben@client.example', role: 'member' },
  });
const invitation = right(await invite());
if (right(await invite()).id !== invitation.id) throw new Error('invited twice');

const tokens = await client().POST('/api/v1/invitations/accept', {
  body: { token: await mailedToken(invitation.email), password },
});
const ben = client(right(tokens).access_token);
if (right(await ben.GET('/api/v1/me')).role !== 'member') throw new Error('not a member');

const { items, next_cursor: next } = right(
  await ann.GET('/api/v1/members', { params: { query: { q: 'ben', active: 'true', limit: 10 } } }),
);
const [member] = items;
if (!member || next !== null) throw new Error('not found');
const { data: gone, response } = await ann.PATCH('/api/v1/members/{id}', {
  params: { path: { id: member.id } },
  body: { is_active: false },
});
if (gone?.state !== 'inactive' || !response.headers.get('etag')) throw new Error('still active');

const { error, response: refused } = await ben.GET('/api/v1/me');
if (refused.status !== 401 || error?.title !== 'Not logged in') throw new Error('still let in');
console.log('done');

/** The token of the mailed invitation link, once it was sent. */
async function mailedToken(email: string): Promise<string> {
  for (;;) {
    const mails = (await (await fetch(`${address}/dev/mail.json`)).json()) as Array<{
      to: string;
      text: string;
    }>;
    const text = mails.find(({ to }) => to === email)?.text ?? '';
    const token = /\/invite\/accept\/([\w-]+)/.exec(text)?.[1];
    if (token) return token;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
