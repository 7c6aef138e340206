import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { projectPath } from '../../../src/core/config/project-path.js';
import { startApp, type TestApp } from '../../support/app.js';

let atrium: TestApp;
beforeAll(async () => void (atrium = await startApp()));
afterAll(() => atrium.stop());

const manifest = JSON.parse(
  readFileSync(projectPath('public', 'assets', 'manifest.json'), 'utf8'),
) as Record<string, string>;

test('styles and scripts are compressed, from this host and cached for good', async () => {
  for (const name of ['app.css', 'app.js']) {
    const { response } = await atrium.browser().visit(manifest[name]!);
    expect(response.status).toBe(200);
    expect(response.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(response.get('content-encoding')).toMatch(/gzip|br/);
    expect(response.get('set-cookie')).toBeUndefined();
  }
});

test('the first page needs at most 60 KB of styles and scripts, compressed', async () => {
  const { document } = await atrium.browser().visit('/');
  const files = document
    .querySelectorAll('link[rel="stylesheet"], link[rel="modulepreload"], script[src]')
    .map((element) => element.getAttribute('href') ?? element.getAttribute('src')!);
  expect(files.length).toBeGreaterThanOrEqual(2);
  const sizes = files.map((file) => gzipSync(readFileSync(projectPath('public', file))).length);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(60 * 1024);
});

test('a file that is not there is a page that is not there', async () => {
  const missing = await atrium.browser().visit('/assets/nothing.css');
  expect(missing.status).toBe(404);
  expect(missing.at('h1')).toBe('There is nothing here');
});

test('nothing outside the folder can be fetched through it', async () => {
  for (const path of ['/assets/..%2f..%2fpackage.json', '/assets/%2e%2e/%2e%2e/.env']) {
    const { response } = await atrium.browser().visit(path);
    expect([400, 403, 404]).toContain(response.status);
    expect(response.text).not.toContain('"atrium"');
  }
});
