import { runInContext } from '../../src/core/context/request-context.js';
import { formOf } from '../../src/core/http/forms/form.js';
import { languageName } from '../../src/core/i18n/display-names.js';
import {
  CountryField,
  CurrencyField,
  LanguageField,
  TimezoneField,
} from '../../src/reference/reference-fields.js';
import { ReferenceOptions } from '../../src/reference/reference-options.js';
import { startApp, type TestApp } from '../support/app.js';

class OfficeForm {
  @CountryField() country: string;
  @CountryField({ optional: true }) second_country: string | null = null;
  @LanguageField({ optional: true }) language: string | null = null;
  @CurrencyField({ optional: true }) currency: string | null = null;
  @TimezoneField({ optional: true }) zone: string | null = null;
}

const sent = (body: object) =>
  new (formOf(OfficeForm))().transform(body, { type: 'body' }) as {
    input: OfficeForm;
    problems: Array<{ field: string; key: string }>;
  };

test('codes are read in their usual spelling, and blank ones are none', () => {
  const typed = { country: ' be', language: 'NL', currency: 'eur', zone: 'Europe/Brussels ' };
  const { input, problems } = sent(typed);
  expect(problems).toEqual([]);
  const read = { country: 'BE', language: 'nl', currency: 'EUR', zone: 'Europe/Brussels' };
  expect(input).toEqual({ ...read, second_country: null });
});

test('what no code looks like is refused at its field', () => {
  const wrong = {
    country: '',
    second_country: 'Belgium',
    language: 'n',
    currency: '€',
    zone: '+1',
  };
  const said = sent(wrong).problems.map(({ field, key }) => [field, key]);
  expect(said).toEqual([
    ['country', 'validation.required'],
    ['second_country', 'validation.choice'],
    ['language', 'validation.choice'],
    ['currency', 'validation.choice'],
    ['zone', 'validation.choice'],
  ]);
});

describe('a form', () => {
  let atrium: TestApp;
  beforeAll(async () => void (atrium = await startApp({ ROLE: 'web' })));
  afterAll(() => atrium.stop());

  const offered = (...asked: Parameters<ReferenceOptions['offered']>) =>
    runInContext({ locale: 'nl-BE' }, () => atrium.app.get(ReferenceOptions).offered(...asked));
  const label = async (...asked: Parameters<ReferenceOptions['offered']>) =>
    (await offered(...asked)).find(({ value }) => value === asked[1])?.label;

  it('offers codes by their names in the language of whoever reads it', async () => {
    expect(await label('country', 'BE')).toBe('België');
    expect(await label('currency', 'CHF')).toBe('Zwitserse frank (CHF)');
    expect(await label('language', 'nl')).toBe('Nederlands');
    expect(await label('timezone', 'UTC')).toBe('UTC (UTC+00:00)');
  });

  it('offers the languages that have a code of two letters, each by a name, and the chosen one', async () => {
    const languages = await offered('language');
    expect(languages.length).toBeGreaterThan(150);
    expect(languages.length).toBeLessThan(200);
    expect(languages.filter(({ value, label: name }) => value === name)).toEqual([]);
    expect(new Set(languages.map(({ label: name }) => name)).size).toBe(languages.length);
    // As pages call it, which know the code only.
    const otherwise = languages.filter((each) => languageName(each.value, 'nl-BE') !== each.label);
    expect(otherwise).toEqual([]);
    expect(await label('language', 'aaa')).toBe('Ghotuo');
    expect(await offered('language', 'aaa')).toHaveLength(languages.length + 1);
  });
});
