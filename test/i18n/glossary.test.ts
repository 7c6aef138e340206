import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SAMPLES } from '../support/samples.js';
import { catalogueOf, readCatalogues } from './catalogues.js';
import { avoidedIn, readGlossary } from './glossary.js';

const markdown = readFileSync(join(process.cwd(), 'docs/glossary.md'), 'utf8');
const glossary = readGlossary(markdown);
const ownTerms = new Set(
  [...SAMPLES].flatMap(([name, { hasOwnTerms }]) => (hasOwnTerms ? [name] : [])),
);

test('texts use the terms of the glossary', () => {
  const catalogues = readCatalogues(join(process.cwd(), 'i18n'));
  const found = Object.entries(catalogues).flatMap(([language, catalogue]) =>
    avoidedIn(
      language,
      catalogue,
      glossary[language.slice(0, 2) as keyof typeof glossary],
      ownTerms,
    ),
  );
  if (found.length > 0) throw new Error(`${found.length} found\n${found.join('\n')}`);
});

test('the glossary avoids no term of its own', () => {
  const own = Object.entries(glossary).flatMap(([language, avoided]) =>
    avoidedIn(
      language,
      catalogueOf({ terms: Object.fromEntries(avoided.map(({ term }, at) => [`t${at}`, term])) }),
      avoided,
    ),
  );
  expect(own).toEqual([]);
});

describe('The comparison with the glossary', () => {
  const saying = (text: string, language: keyof typeof glossary = 'en') =>
    avoidedIn(language, catalogueOf({ auth: { title: text } }), glossary[language]);

  test('names file, key, word and the term to use', () => {
    expect(saying('Open your Workspace')).toEqual([
      'i18n/en/auth.json: "auth.title" says "Workspace": write organisation (docs/glossary.md)',
    ]);
  });

  test.each([
    ['nl', 'U bent ingelogd', 'ingelogd'],
    ['nl', 'Kies een munt', 'munt'],
    ['nl', 'Bekijk de audittrail', 'audittrail'],
    ['fr', 'Une clé d’API', 'clé d’API'],
    ['fr', 'Un mail est parti', 'mail'],
    ['en', 'Please sign\u00a0in first', 'sign\u00a0in'],
  ] as const)('finds in %s: %s', (language, text, word) => {
    expect(saying(text, language)).toEqual([expect.stringContaining(`says "${word}"`)]);
  });

  test('finds a word in any of the forms of a text', () => {
    const forms = catalogueOf({
      auth: { count: { one: '{count} member', other: '{count} tenants' } },
    });
    expect(avoidedIn('en', forms, glossary.en)).toHaveLength(1);
  });

  test.each([
    ['what is filled in', 'Mail {email} of {organization}'],
    ['code', 'Ask for `tenant:read`'],
    ['addresses', 'See https://example.com/workspace or email@example.com'],
    ['a part of another word', 'The trailer of the webhooks'],
  ])('does not read %s', (_, text) => {
    expect(saying(text)).toEqual([]);
  });

  test('leaves a feature with its own terms the words of its name and fields, but no other spelling', () => {
    const found = (feature: string, texts: object, language: keyof typeof glossary = 'en') =>
      avoidedIn(
        language,
        catalogueOf({ [feature]: texts }),
        glossary[language],
        new Set(['venues', 'licences']),
      );
    const seats = { fields: { seats: 'Seats' }, title: 'Seats' };
    expect(found('venues', seats, 'nl')).toEqual([]);
    expect(found('billing', seats, 'nl')).toHaveLength(2);
    expect(found('venues', { title: 'Seats' }, 'nl')).toHaveLength(1);
    expect(found('licences', { title: 'Licences' })).toEqual([]);
    expect(found('venues', { fields: { contact_email: 'Contact email' } })).toEqual([
      expect.stringContaining('"venues.fields.contact_email" says "email"'),
    ]);
  });

  test('does not accept a row without a cell', () => {
    const without = markdown.replace(/\| member +\|/, '| |');
    expect(() => readGlossary(without)).toThrow(/A person in an organisation/);
    expect(() => readGlossary('# Glossary')).toThrow(/no terms/);
  });
});
