import { utf8 } from '../../../src/core/http/pipeline/utf8.js';

const FLAGS = 'é € “Ça va ?” 🇧🇪 𝛼';

test.each([
  ['nothing', ''],
  ['ASCII', '<p>Hello</p>'],
  ['Latin', 'déjà vu'],
  ['all sorts', FLAGS],
  ['half a character', `a\ud83cb\udde7`],
  ['a long page', FLAGS.repeat(5_000)],
  ['a page longer than any', FLAGS.repeat(50_000)],
])('%s becomes the bytes it always did', (_, text) => {
  expect(utf8(text).equals(Buffer.from(text))).toBe(true);
});

test('one answer does not become another while it is being sent', () => {
  const first = utf8('first ’');
  utf8('second ’');
  expect(first.toString()).toBe('first ’');
});
