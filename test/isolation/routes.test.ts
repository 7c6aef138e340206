import { startApp, type TestApp } from '../support/app.js';
import { TABLES } from '../support/tables.js';
import { printRoutes } from './print.js';
import { typedFor } from './route-declarations.js';
import { proveRoutes } from './route-proof.js';

let atrium: TestApp;
beforeAll(async () => void (atrium = await startApp()));
afterAll(() => atrium.stop());

test('no route shows or changes anything of another organisation, whatever ids it is given', async () => {
  const { attempts, problems } = await proveRoutes(atrium, TABLES);
  printRoutes(attempts, problems);
  expect(problems).toEqual([]);
  expect(attempts.length).toBeGreaterThan(100);
}, 120_000);

test('what is typed into a field depends on the route: one name may mean two things', () => {
  expect(typedFor('/api/v1/members/:id/')).toMatchObject({ is_active: false, theme: 'night' });
  for (const path of ['/invoices/:id/', '/api/v1/members-of-others/', '/']) {
    expect(typedFor(path)).not.toHaveProperty('is_active');
  }
  expect(typedFor('/admin/users/:id/act/')).toMatchObject({ mode: 'change', minutes: '60' });
});
