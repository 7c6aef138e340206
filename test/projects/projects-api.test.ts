import type { Response } from 'supertest';
import { startApp, type TestApp } from '../support/app.js';

let atrium: TestApp;
beforeAll(async () => void (atrium = await startApp({ ROLE: 'web' })));
afterAll(() => atrium.stop());

function pointers({ status, body }: Response): string[] {
  expect(status).toBe(422);
  return body.errors.map(({ pointer }: { pointer: string }) => pointer).sort();
}

test('all that is wrong with a new or a changed project is said at once', async () => {
  const key = await atrium.people.keyOf('Acme', ['projects:write']);
  const client = atrium.api().showing(key);
  const wrong = { name: ' ', status: 'lost', due_date: '2026-02-30', description: 1, owner: null };
  const all = ['/description', '/due_date', '/name', '/owner', '/status'];
  expect(pointers(await client.post('/projects', wrong))).toEqual(all);
  const { body: project } = await client.post('/projects', { name: 'Apollo' });
  const patched = await client.send('PATCH', `/projects/${project.id}`, wrong);
  expect(pointers(patched)).toEqual(all);
  const { status } = await client.send('PATCH', `/projects/${project.id}`, { colour: 'red' });
  expect(status).toBe(422);
});

test.each([
  ['limit=x&sort=nope&foo=1', ['/foo', '/limit', '/sort']],
  ['cursor=x&status=lost', ['/cursor', '/status']],
])('all that is wrong with /projects?%s is said at once', async (query, wrong) => {
  const key = await atrium.people.keyOf('Acme', ['projects:read']);
  const answer = await atrium.api().showing(key).get(`/projects?${query}`);
  expect(pointers(answer)).toEqual(wrong);
});
