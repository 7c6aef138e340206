import { countryName, currencyName, languageName } from '../../src/core/i18n/display-names.js';
import { countryOfTimezone, timezoneLabel } from '../../src/reference/reference-names.js';

const january = new Date('2026-01-15T12:00:00Z');
const july = new Date('2026-07-15T12:00:00Z');

describe('names people are shown', () => {
  it('are in their language', () => {
    expect(countryName('BE', 'en')).toBe('Belgium');
    expect(countryName('BE', 'nl-BE')).toBe('België');
    expect(countryName('BE', 'fr-BE')).toBe('Belgique');
    expect(languageName('nl', 'en')).toBe('Dutch');
    expect(languageName('nl', 'nl-BE')).toBe('Nederlands');
    expect(languageName('nl', 'fr-BE')).toBe('néerlandais');
    expect(currencyName('CHF', 'en')).toBe('Swiss Franc');
    expect(currencyName('CHF', 'nl-BE')).toBe('Zwitserse frank');
    expect(currencyName('CHF', 'fr-BE')).toBe('franc suisse');
  });

  it('fall back to the stored name, then to the code', () => {
    expect(languageName('aaa', 'nl-BE', 'Ghotuo')).toBe('Ghotuo');
    expect(languageName('aaa', 'nl-BE')).toBe('aaa');
    expect(currencyName('XAD', 'en', 'Arab Accounting Dinar')).toBe('Arab Accounting Dinar');
    expect(countryName('??', 'en')).toBe('??');
  });

  it('do not give two languages one name', () => {
    expect(languageName('zh', 'en', 'Chinese')).toBe('Chinese');
    expect(languageName('cmn', 'en', 'Mandarin Chinese')).toBe('Mandarin Chinese');
    expect(languageName('tl', 'en', 'Tagalog')).toBe('Tagalog');
  });
});

describe('a time zone', () => {
  it('is labelled with the offset of the moment', () => {
    expect(timezoneLabel('Europe/Brussels', january)).toBe('Europe/Brussels (UTC+01:00)');
    expect(timezoneLabel('Europe/Brussels', july)).toBe('Europe/Brussels (UTC+02:00)');
    expect(timezoneLabel('UTC')).toBe('UTC (UTC+00:00)');
    expect(timezoneLabel('America/St_Johns', january)).toBe('America/St_Johns (UTC-03:30)');
    expect(timezoneLabel('Asia/Kolkata')).toBe('Asia/Kolkata (UTC+05:30)');
  });

  it('unknown here is shown by its name', () => {
    expect(timezoneLabel('Mars/Olympus')).toBe('Mars/Olympus');
    expect(timezoneLabel('')).toBe('');
  });

  it.each([
    ['Europe/Brussels', 'BE'],
    ['Europe/Amsterdam', 'NL'],
    ['Asia/Calcutta', 'IN'],
    ['Asia/Kolkata', 'IN'],
    ['US/Eastern', 'US'],
    ['America/Buenos_Aires', 'AR'],
    ['Europe/Kyiv', 'UA'],
    ['UTC', null],
    ['CET', null],
    ['Etc/GMT+5', null],
    ['+01:00', null],
    ['nonsense', null],
    ['', null],
  ])('%s lies in %s', (name, country) => {
    expect(countryOfTimezone(name)).toBe(country);
  });
});
