import { readVatNumber } from '../../src/billing/tax/vat-number/vat-number.js';

/** Numbers of the national registers' own documentation, by the country of the address. */
const RIGHT: Record<string, string[]> = {
  AT: ['ATU13585627'],
  BE: ['BE0403019261', 'BE 0428.759.497', '403 019 261', 'BE0403170701'],
  BG: ['BG175074752', 'BG7523169263', 'BG7111042925'],
  CY: ['CY10259033P'],
  CZ: ['CZ25123891', 'CZ7103192745', 'CZ640903926'],
  DE: ['DE 136.695 976'],
  DK: ['DK13585628'],
  EE: ['EE100931558'],
  GR: ['EL094259216', '94259216'],
  ES: ['ESB58378431', 'ES54362315K', 'ESX2482300W', 'ESJ99216582'],
  FI: ['FI20774740'],
  FR: ['FR40303265045', 'FR23334175221', 'FRK7399859412'],
  MC: ['FR53000004605'],
  HR: ['HR33392005961'],
  HU: ['HU12892312'],
  IE: ['IE6433435F', 'IE6433435OA', 'IE8D79739I'],
  IT: ['IT00743110157'],
  LT: ['LT119511515', 'LT100001919017', 'LT100004801610'],
  LU: ['LU15027442'],
  LV: ['LV40003521600', 'LV16117519997'],
  MT: ['MT11679112'],
  NL: ['NL004495445B01', 'NL002455799B11'],
  PL: ['PL8567346215'],
  PT: ['PT501964843'],
  RO: ['RO18547290'],
  SE: ['SE123456789701'],
  SI: ['SI50223054'],
  SK: ['SK2022749619'],
  GB: ['GB980780684', 'XI980780684', 'GBGD001', 'GBHA500'],
  CH: ['CHE-107.787.577 IVA', 'CHE107787577'],
  NO: ['NO 995 525 828 MVA'],
};

test.each(Object.entries(RIGHT).flatMap(([country, all]) => all.map((it) => [country, it])))(
  'in %s, %s is a VAT number',
  (country, text) => {
    expect(readVatNumber(text, country)).not.toBeNull();
  },
);

/** With each digit replaced in turn, at most a few of the wrong ones can pass a check of one digit. */
test.each(
  Object.entries(RIGHT)
    .filter(([country]) => !['CZ', 'BG', 'GB', 'MC'].includes(country))
    .map(([country, [first]]) => [country, first as string]),
)('in %s, a digit of %s that is mistyped is noticed', (country, text) => {
  const written = readVatNumber(text, country)!.text;
  const digits = [...written.matchAll(/\d/g)].map(({ index }) => index);
  const mistyped = digits.flatMap((at) =>
    [1, 2, 3, 4, 5, 6, 7, 8, 9].map((by) => {
      const digit = (Number(written[at]) + by) % 10;
      return `${written.slice(0, at)}${digit}${written.slice(at + 1)}`;
    }),
  );
  const unnoticed = mistyped.filter((it) => readVatNumber(it, country));
  // Rules of MOD 11 that write ten as nought let one in eleven pass; the digits of NL and SE after the number are free.
  const free = { NL: 22, SE: 22 }[country] ?? 0;
  expect(unnoticed.length - free).toBeLessThanOrEqual(Math.ceil(mistyped.length * 0.1));
});

test('a number is kept as the register writes it', () => {
  expect(readVatNumber('be 403.019.261', 'BE')).toEqual({ prefix: 'BE', text: 'BE0403019261' });
  expect(readVatNumber('094259216', 'GR')).toEqual({ prefix: 'EL', text: 'EL094259216' });
  expect(readVatNumber('xi 980 7806 84', 'GB')).toEqual({ prefix: 'XI', text: 'XI980780684' });
});

test('a number of another country than the address is not accepted', () => {
  expect(readVatNumber('NL004495445B01', 'BE')).toBeNull();
  expect(readVatNumber('BE0403019261', 'US')).toBeNull();
  expect(readVatNumber('XI980780684', 'IE')).toBeNull();
});

test('what is no number is refused, whatever is typed', () => {
  for (const text of [
    '',
    ' ',
    'BE',
    'BE0',
    '0'.repeat(5000),
    'BE04030192G1',
    '__proto__',
    '٠٤٠٣٠١٩٢٦١',
  ]) {
    expect(readVatNumber(text, 'BE')).toBeNull();
    expect(readVatNumber(text, 'constructor')).toBeNull();
  }
});
