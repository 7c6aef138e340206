import { safePath, withNext } from '../../../src/core/http/security/safe-path.js';
import { OPEN_REDIRECTS, THIS_SITE, originReached } from '../../support/open-redirects.js';

test.each([
  ['/', '/'],
  ['/profile/', '/profile/'],
  ['/profile/?a=1&b=//x#top', '/profile/?a=1&b=//x#top'],
  ['/a//b', '/a//b'],
  ['/%2f%2fevil.example', '/%2f%2fevil.example'],
  ['/é?ü=1', '/%C3%A9?%C3%BC=1'],
  ['/a/../b', '/b'],
  ['/?next=https://evil.example', '/?next=https://evil.example'],
])('%s is a path of this site', (path, expected) => {
  expect(safePath(path, '/fallback')).toBe(expected);
});

test.each([
  undefined,
  null,
  1,
  {},
  ['/profile/'],
  ['//evil.example'],
  '',
  'profile',
  '//evil.example',
  '/\\evil.example',
  'https:evil.example',
  '/\t/evil.example',
  '/x\ny',
  '/.//evil.example',
  '/a/..//evil.example',
  '/%2e//evil.example',
  'javascript:alert(1)',
  `/${'a'.repeat(2_000)}`,
])('%j is none', (value) => {
  expect(safePath(value, '/fallback')).toBe('/fallback');
});

test('no known redirect trick works, however often the path is decoded', () => {
  for (const attempt of OPEN_REDIRECTS) {
    const once = safePath(attempt, '/fallback');
    expect([attempt, originReached(once)]).toEqual([attempt, THIS_SITE]);
    expect(safePath(once, '/fallback')).toBe(once);
  }
});

test('a return path is one query parameter, absent when there is none', () => {
  expect(withNext('/login/', '/a?b=c&d#e')).toBe('/login/?next=%2Fa%3Fb%3Dc%26d%23e');
  for (const nothing of ['', null, undefined]) expect(withNext('/login/', nothing)).toBe('/login/');
});
