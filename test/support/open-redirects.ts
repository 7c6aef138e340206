/** Known open-redirect payloads. `HERE` is replaced by this host. */
export const OPEN_REDIRECTS: readonly string[] = [
  '//evil.example',
  '///evil.example',
  '////evil.example/a',
  '/\\evil.example',
  '\\\\evil.example',
  '\\/evil.example',
  '/\\/evil.example',
  'https:evil.example',
  'https:/evil.example',
  'https://evil.example',
  'HTTPS://evil.example',
  'http:\\\\evil.example',
  'evil.example',
  '@evil.example',
  '.evil.example',
  ':80@evil.example',
  '/\t/evil.example',
  '/\n/evil.example',
  '/\r\n/evil.example',
  '\t//evil.example',
  ' //evil.example',
  '\u0000//evil.example',
  '/\u0000/evil.example',
  '/\u2028/evil.example',
  '/a\r\nLocation: https://evil.example',
  '/%2f%2fevil.example',
  '/%2Fevil.example',
  '/%5cevil.example',
  '%2f%2fevil.example',
  '/.//evil.example',
  '/..//evil.example',
  '/x/..//evil.example',
  '/%2e//evil.example',
  '/%2e%2e//evil.example',
  '/;//evil.example',
  'javascript:alert(1)',
  'java\nscript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'ftp://evil.example',
  'ws://evil.example',
  '?next=//evil.example',
  '#//evil.example',
  '/／evil.example',
  '〱evil.example',
  `/${'a'.repeat(5_000)}`,
  `//${'a'.repeat(1_990)}.evil.example`,
  '',
];

/** Where a browser that got this Location from `http://127.0.0.1/login/` ends up (WHATWG URL). */
export function originReached(location: string | undefined): string {
  if (location === undefined) throw new Error('That answer leads nowhere');
  return new URL(location, 'http://127.0.0.1/login/').origin;
}

export const THIS_SITE = 'http://127.0.0.1';
