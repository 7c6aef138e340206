import { DataSource } from 'typeorm';
import { startApp, type TestApp } from '../support/app.js';

let atrium: TestApp;
beforeAll(async () => void (atrium = await startApp()));
afterAll(() => atrium.stop());

test('the migrations make exactly the tables the entities describe', async () => {
  const dataSource = atrium.app.get(DataSource);
  const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
  // Checks (`ck_…`) say what no entity can: the migrations own them.
  const drift = upQueries.filter(({ query }) => !/DROP CONSTRAINT "ck_\w+"/.test(query));
  expect(drift.map(({ query }) => query)).toEqual([]);
});
