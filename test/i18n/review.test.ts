import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const review = readFileSync(join(import.meta.dirname, 'review.json'), 'utf8');

/** Modules whose Dutch and French the generator has put together, by what is to be read. */
const OPEN = Object.entries(JSON.parse(review) as Record<string, string[]>);

test('somebody has read the texts that were put together by the generator', () => {
  const unread = OPEN.flatMap(([module, languages]) =>
    languages.map(
      (language) =>
        `i18n/${language}/${module}.json: read it, correct it, and take "${language}" of "${module}" out of test/i18n/review.json`,
    ),
  );
  expect(unread).toEqual([]);
});

test('what is to be read is there', () => {
  const gone = OPEN.flatMap(([module, languages]) =>
    languages.map((language) => `i18n/${language}/${module}.json`),
  ).filter((path) => !existsSync(path));
  expect(gone).toEqual([]);
});
