import { startApp, type TestApp } from '../support/app.js';
import { TABLES } from '../support/tables.js';
import { printRoutes } from './print.js';
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
