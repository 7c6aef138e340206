import { startApp, type TestApp } from '../support/app.js';

let atrium: TestApp;
beforeAll(async () => void (atrium = await startApp({ BILLING_PROVIDER: 'sandbox' })));
afterAll(() => atrium.stop());

const grant = (tenantId: string, plan: string, state = 'full') =>
  atrium.sql(
    `UPDATE tenant SET access_state = $3, plan_key = nullif($2, 'free'),
       plan_version = CASE WHEN $2 <> 'free' THEN 1 END WHERE id = $1`,
    [tenantId, plan, state],
  );

test('the plan Free has five projects, and says so where the sixth is made', async () => {
  const ann = await atrium.people.adminOf('Five', 'ann@five.test');
  for (let number = 1; number <= 5; number++) {
    const made = await ann.browser.fill('/projects/new/', { name: `Project ${number}` });
    expect(made.status).toBe(303);
  }
  const refused = await ann.browser.fill('/projects/new/', { name: 'One more' });
  expect(refused.status).toBe(402);
  expect(refused.text).toContain('You have 5 of 5 projects');
  expect(refused.text).toContain('One more');

  await grant(ann.tenantId!, 'team');
  expect((await ann.browser.fill('/projects/new/', { name: 'One more' })).status).toBe(303);
});

test('of a file as many projects are added as the plan allows, and the others are told', async () => {
  const hal = await atrium.people.adminOf('Filed', 'hal@filed.test');
  await grant(hal.tenantId!, 'team');
  await atrium.sql(
    `UPDATE tenant SET entitlement_overrides = '{"projects": {"amount": 2, "until": null}}' WHERE id = $1`,
    [hal.tenantId],
  );
  await hal.browser.visit('/projects/import/');
  const bytes = Buffer.from('Name\nOne\nTwo\nThree');
  const file = { field: 'file', name: 'list.csv', bytes, type: 'text/csv' };
  const preview = await hal.browser.upload('/projects/import/', file);
  expect(preview.text).toContain('2 rows are ready to be added.');
  expect(preview.at('[aria-labelledby="problems-title"] tbody tr')).toMatch(/^4.*You have 2 of 2/);
  expect((await hal.browser.submit('/projects/import/confirm/')).status).toBe(303);
  const rows = await atrium.sql('SELECT name FROM project WHERE tenant_id = $1 ORDER BY name', [
    hal.tenantId,
  ]);
  expect(rows).toEqual([{ name: 'One' }, { name: 'Two' }]);
});

test('a client of the API is told which limit was reached, and that no key is part of Free', async () => {
  const ben = await atrium.people.adminOf('Keys', 'ben@keys.test');
  const secret = await atrium.people.keyOf('Keys', ['projects:read', 'projects:write']);
  const list = () => atrium.api().showing(secret).get('/projects');
  const refused = await list();
  expect(refused.status).toBe(402);
  expect(refused.type).toBe('application/problem+json');
  expect(refused.body).toMatchObject({
    type: 'http://atrium.test/problems/subscription-required',
    status: 402,
  });
  const keys = await ben.browser.visit('/settings/api/');
  expect(keys.text).toContain('Your plan does not include this');
  expect(keys.document.querySelector('form[action="/settings/api/"]')).toBeNull();

  await grant(ben.tenantId!, 'team');
  expect((await list()).status).toBe(200);
  await atrium.sql(
    `UPDATE tenant SET entitlement_overrides = '{"projects": {"amount": 0, "until": null}}' WHERE id = $1`,
    [ben.tenantId],
  );
  const limited = await atrium.api().showing(secret).post('/projects', { name: 'None' });
  expect(limited.status).toBe(402);
  expect(limited.body.type).toBe('http://atrium.test/problems/limit-reached');
});

test('who has more than the plan allows goes on as soon as enough is removed', async () => {
  const fay = await atrium.people.adminOf('Much', 'fay@much.test');
  await grant(fay.tenantId!, 'team');
  const ids: string[] = [];
  for (let number = 1; number <= 6; number++) {
    const made = await fay.browser.fill('/projects/new/', { name: `Project ${number}` });
    ids.push(/projects\/([\w-]+)/.exec(made.location!)![1]!);
  }
  await grant(fay.tenantId!, 'free', 'over_limit');
  const change = () => fay.browser.fill(`/projects/${ids[0]}/edit/`, { name: 'Renamed' });
  expect((await change()).status).toBe(402);
  await fay.browser.visit(`/projects/${ids[5]}/`);
  expect((await fay.browser.submit(`/projects/${ids[5]}/delete/`)).status).toBe(303);
  expect((await change()).status).toBe(303);
  const [row] = await atrium.sql('SELECT access_state FROM tenant WHERE id = $1', [fay.tenantId]);
  expect(row).toEqual({ access_state: 'free' });
});

test('two hundred times two at once never have more than the plan allows', async () => {
  const gus = await atrium.people.adminOf('Race', 'gus@race.test');
  await grant(gus.tenantId!, 'team');
  const secret = await atrium.people.keyOf('Race', ['projects:write']);
  const allow = (amount: number) =>
    atrium.sql(
      `UPDATE tenant SET entitlement_overrides =
         jsonb_build_object('projects', jsonb_build_object('amount', $2::int, 'until', NULL)) WHERE id = $1`,
      [gus.tenantId, amount],
    );
  const make = () => atrium.api().showing(secret).post('/projects', { name: 'Race' });
  for (let round = 1; round <= 200; round++) {
    await allow(round);
    const statuses = (await Promise.all([make(), make()])).map(({ status }) => status).sort();
    if (statuses.join() !== '201,402') throw new Error(`Round ${round}: ${statuses.join()}`);
  }
  const [row] = await atrium.sql<{ count: number }>(
    'SELECT count(*)::int AS count FROM project WHERE tenant_id = $1',
    [gus.tenantId],
  );
  expect(row!.count).toBe(200);
});
