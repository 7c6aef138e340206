import { readFileSync } from 'node:fs';
import { projectPath } from '../../src/core/config/project-path.js';

const read = (path: string) => readFileSync(projectPath(path), 'utf8');
const FORMATS = ['JPEG', 'PNG', 'WebP', 'GIF', 'AVIF'];

test('a field for pictures lets choose every format that is taken', () => {
  const accepted = /accept="([^"]*)"/.exec(read('views/partials/form/file.hbs'))![1]!.split(',');
  const taken = read('src/core/storage/image-sniffer.ts').match(/'image\/\w+'/g)!;
  expect(accepted.toSorted()).toEqual(taken.map((type) => type.slice(1, -1)).toSorted());
  expect(accepted.toSorted()).toEqual(
    FORMATS.map((name) => `image/${name.toLowerCase()}`).toSorted(),
  );
});

test.each(['en', 'nl', 'fr'])('hints and refusal name every format in %s', (language) => {
  const texts = (room: string) =>
    JSON.parse(read(`i18n/${language}/${room}.json`)) as Record<string, Record<string, string>>;
  const said = [
    read(`i18n/${language}/profile.json`).match(/"avatar_hint": "([^"]*)"/)![1]!,
    texts('tenants').general!.logo_hint!,
    (texts('validation') as unknown as Record<string, string>).image_type!,
  ];
  for (const sentence of said) {
    expect(FORMATS.filter((format) => !sentence.includes(format))).toEqual([]);
  }
});
