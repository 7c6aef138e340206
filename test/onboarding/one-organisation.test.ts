import { startApp, type TestApp } from '../support/app.js';
import { ApiClient } from '../support/api.js';
import { linkIn } from '../support/mailbox.js';
import { PASSWORD } from '../support/people.js';

let atrium: TestApp;
beforeAll(async () => void (atrium = await startApp()));
afterAll(() => atrium.stop());

test('of six requests at once for one organisation each, one is told it was made', async () => {
  const { email } = await atrium.people.newcomer('hasty@acme.example');
  const client = await new ApiClient(atrium.server).login(email, PASSWORD);
  const answers = await Promise.all(
    Array.from({ length: 6 }, (_, n) =>
      client.post('/onboarding/tenant', { organization: `Org ${n}` }),
    ),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409, 409]);
  const winner = answers.findIndex(({ status }) => status === 201);
  expect(answers[winner]!.body).toMatchObject({ tenant: { organization: `Org ${winner}` } });
  const made = await atrium.sql(`SELECT organization FROM tenant WHERE organization LIKE 'Org %'`);
  expect(made).toEqual([{ organization: `Org ${winner}` }]);
});

test('where verified addresses are asked for, an unfinished profile is no way round', async () => {
  const strict = await startApp({ REQUIRE_VERIFIED_EMAIL: 'true' });
  try {
    const { email, browser } = await strict.people.newcomer('early@acme.example');
    const client = await new ApiClient(strict.server).login(email, PASSWORD);
    const refused = await client.post('/onboarding/tenant', { organization: 'Too early' });
    expect(refused.status).toBe(409);
    const posted = await browser.post('/onboarding/create-tenant/', { organization: 'Too early' });
    expect([posted.status, posted.location]).toEqual([303, '/email/verify/']);
    expect(await strict.sql(`SELECT id FROM tenant WHERE organization = 'Too early'`)).toEqual([]);
  } finally {
    await strict.stop();
  }
});

test('an invitation that is accepted with a password six times at once leaves one session', async () => {
  const admin = await atrium.people.adminOf('Acme', 'admin@acme.example');
  const { email, userId } = await atrium.people.newcomer('nico@acme.example');
  await admin.browser.fill('/settings/users/', { action: 'invite', email, role: 'member' });
  const link = linkIn(await atrium.mails.expect(email, /invites you/));
  await atrium.sql('UPDATE session SET ended_at = now() WHERE user_id = $1', [userId]);
  const token = link.split('/')[3];
  const answers = await Promise.all(
    Array.from({ length: 6 }, () =>
      atrium.api().post('/invitations/accept', { token, password: PASSWORD }),
    ),
  );
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  expect(answers.every(({ status }) => [200, 409, 410].includes(status))).toBe(true);
  const live = await atrium.sql('SELECT id FROM session WHERE user_id = $1 AND ended_at IS NULL', [
    userId,
  ]);
  expect(live).toHaveLength(1);
});
