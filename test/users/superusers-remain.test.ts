import { startApp, type TestApp } from '../support/app.js';
import { PASSWORD, type Person } from '../support/people.js';

let atrium: TestApp;
beforeAll(async () => void (atrium = await startApp()));
afterAll(() => atrium.stop());

async function superusers(): Promise<string[]> {
  const rows = await atrium.sql<{ email: string }>(
    'SELECT email FROM users WHERE is_staff AND is_superuser AND is_active ORDER BY email',
  );
  return rows.map(({ email }) => email);
}

/** Exactly two superusers. */
async function two(turn: number): Promise<[Person, Person]> {
  const ann = await atrium.people.staff(`ann${turn}@atrium.test`, true);
  const bob = await atrium.people.staff(`bob${turn}@atrium.test`, true);
  await atrium.sql(
    'UPDATE users SET is_superuser = false WHERE is_superuser AND NOT id = ANY ($1)',
    [[ann.userId, bob.userId]],
  );
  return [ann, bob];
}

const ACTS = {
  demotes: { path: 'edit', form: { is_staff: '1', is_superuser: '' } },
  deactivates: { path: 'deactivate', form: {} },
};

test.each([
  ['demotes', 'demotes'],
  ['deactivates', 'deactivates'],
  ['demotes', 'deactivates'],
] as const)(
  'of two superusers of whom one %s and the other %s at once, one remains',
  async (...acts) => {
    for (let turn = 0; turn < 8; turn++) {
      const pair = await two(Math.random());
      const address = (at: number) =>
        `/admin/users/${pair[1 - at]!.userId}/${ACTS[acts[at]!].path}/`;
      for (const at of [0, 1]) await pair[at]!.browser.visit(address(at));
      const answers = await Promise.all(
        [0, 1].map((at) =>
          pair[at]!.browser.submit(address(at), {
            ...(acts[at] === 'demotes' ? { email: pair[1 - at]!.email } : {}),
            ...ACTS[acts[at]!].form,
          }),
        ),
      );
      const statuses = answers.map(({ status }) => status).sort((a, b) => a - b);
      // The second one is told: no superuser any more, or not signed in any more.
      expect(statuses[0]).toBe(303);
      expect(answers.filter(({ location }) => location?.startsWith('/admin/users/'))).toHaveLength(
        1,
      );
      expect(statuses[1]).toBeLessThan(500);
      expect(await superusers()).toHaveLength(1);
    }
  },
);

test('who lost the rights a moment ago is told so, and changes nothing', async () => {
  const [ann, bob] = await two(1);
  const carl = await atrium.people.staff('carl@atrium.test', true);
  await atrium.sql('UPDATE users SET is_superuser = false WHERE id = $1', [ann.userId]);
  const answer = await ann.browser.post(`/admin/users/${carl.userId}/deactivate/`);
  expect(answer.status).toBe(403);
  expect(await superusers()).toEqual([bob.email, carl.email].sort());
});

test('the last superuser cannot close their own account', async () => {
  const [ann, bob] = await two(2);
  await atrium.sql('UPDATE users SET is_superuser = false, is_staff = false WHERE id = $1', [
    bob.userId,
  ]);
  await atrium.sql(
    `UPDATE user_profile SET profile_completed_at = now(), tenant_id = $2, role = 'admin',
       tenant_joined_at = now() WHERE user_id = $1`,
    [ann.userId, await atrium.people.tenant('Operator')],
  );
  await ann.browser.visit('/profile/data/');
  const refused = await ann.browser.submit('/profile/deactivate/', { password: PASSWORD });
  expect([refused.status, refused.text]).toEqual([
    422,
    expect.stringContaining('You are the last superuser.'),
  ]);
  expect(await superusers()).toEqual([ann.email]);
});

test.each(['is_superuser = false', 'is_staff = false', 'is_active = false', 'deleted_at = now()'])(
  'not even the owner of the tables takes the last superuser away: %s',
  async (change) => {
    await two(3).catch(() => undefined);
    await expect(atrium.sql(`UPDATE users SET ${change} WHERE is_superuser`)).rejects.toThrow(
      'at least one superuser remains',
    );
  },
);
