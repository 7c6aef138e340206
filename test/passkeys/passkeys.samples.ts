import type { Samples } from '../support/samples.js';

export const samples: Samples = {
  parameters: {
    '/profile/passkeys/:id': { row: 'passkey' },
    '/api/v1/me/passkeys/:id': { row: 'passkey' },
  },
  pages: { admin: ['/profile/passkeys/', '/profile/passkeys/new/', '/profile/passkeys/:passkey/'] },
  noPages: {
    '/login/passkey/': 'leads to /login/',
    '/login/passkey/options/': 'JSON for the script',
    '/login/second-factor/options/': 'JSON for the script',
    '/confirm/options/': 'JSON for the script',
    '/profile/passkeys/options/': 'JSON for the script',
  },
  things: async ({ atrium, people, longWord }) => {
    const [row] = await atrium.sql<{ id: string }>(
      `INSERT INTO passkey (user_id, name, credential_id, public_key, is_backed_up, aaguid)
       VALUES ($1, left($2, 60), gen_random_uuid(), '\\x00', true, gen_random_uuid()) RETURNING id`,
      [people.admin.userId, longWord],
    );
    return { passkey: row!.id };
  },
  apiJourneys: {
    'passkeys are answered as documented': async ({ client, ask }) => {
      const { SoftwareAuthenticator } = await import('../support/authenticator.js');
      const { inJson } = await import('../support/passkeys.js');
      const { PASSWORD } = await import('../support/people.js');
      const authenticator = new SoftwareAuthenticator();
      const { body: wanted } = await ask(client, 'getNewPasskeyOptions');
      const passkey = inJson(authenticator.create(wanted.public_key));
      const made = await ask(client, 'addPasskey', { name: 'My phone', passkey });
      expect([made.status, made.body.recovery_codes.length]).toEqual([201, 10]);
      await ask(client, 'addPasskey', { name: 'My phone', passkey });
      const at = { id: made.body.id as string };
      await ask(client, 'listPasskeys');
      await ask(client, 'getPasskey', undefined, at);
      await ask(client, 'updatePasskey', { name: 'Red key' }, at);
      await ask(client, 'updatePasskey', { name: '' }, at);

      const signIn = async () => (await ask(client, 'getPasskeySignInOptions')).body;
      const { token, public_key: options } = await signIn();
      const answer = { token, passkey: inJson(authenticator.get(options)) };
      expect((await ask(client, 'signInWithPasskey', answer)).status).toBe(200);
      expect((await ask(client, 'signInWithPasskey', answer)).status).toBe(401);

      const { email } = (await ask(client, 'getMe')).body;
      const waiting = (await ask(client, 'login', { email, password: PASSWORD })).body;
      const about = { token: waiting.second_factor_token as string };
      const { body: second } = await ask(client, 'getPasskeySecondFactorOptions', about);
      const shown = { ...about, passkey: inJson(authenticator.get(second.public_key)) };
      expect((await ask(client, 'showSecondFactor', shown)).status).toBe(200);
      expect((await ask(client, 'getPasskeySecondFactorOptions', about)).status).toBe(410);

      const { body: confirm } = await ask(client, 'getPasskeyStepUpOptions');
      const proof = { passkey: inJson(authenticator.get(confirm.public_key)) };
      expect((await ask(client, 'stepUp', proof)).status).toBe(204);
      expect((await ask(client, 'removePasskey', undefined, at)).status).toBe(204);
      for (const id of ['getPasskey', 'updatePasskey', 'removePasskey']) {
        expect((await ask(client, id, { name: 'Key' })).status).toBe(404);
      }
    },
  },
  apiThings: {
    '/me/passkeys/{id}': async (client) => {
      const { SoftwareAuthenticator } = await import('../support/authenticator.js');
      const { addPasskey } = await import('../support/passkeys.js');
      return (await addPasskey(client, new SoftwareAuthenticator())).body.id as string;
    },
  },
  withoutScript: {
    'a passkey gets another name': async ({ page, open, send, expectText }) => {
      await open(page, '/profile/passkeys/');
      await page.click('main a:has-text("Rename")');
      await send(page, '/profile/passkeys/:id/', { name: 'Red key' });
      await expectText(page, 'is called “Red key” now');
    },
  },
  mails: {
    'passkey-added': { url: 'http://atrium.test/a/path/', isNotMe: true, name: 'My phone' },
    'passkey-removed': { url: 'http://atrium.test/a/path/', isNotMe: true, name: 'My phone' },
  },
};
