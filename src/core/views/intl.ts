import { BoundedCache } from '../utils/bounded-cache.js';
import { memo } from '../utils/memo.js';

export type DateInput = Date | string | number;
export type DateStyle = keyof typeof dateStyles;

/** Intl formatters are expensive to create and cheap to use. */
const remember = memo();

const dateStyles = {
  date: { dateStyle: 'medium' },
  long: { dateStyle: 'long' },
  medium: { dateStyle: 'medium', timeStyle: 'short' },
  full: { dateStyle: 'full', timeStyle: 'short' },
  time: { timeStyle: 'short' },
  /** With the time zone: `14:32 CET`. */
  clock: { hour: '2-digit', minute: '2-digit', timeZoneName: 'short' },
} satisfies Record<string, Intl.DateTimeFormatOptions>;

/** Styles with a time of day but without a time zone. */
const NAMES_NO_ZONE: ReadonlySet<DateStyle> = new Set<DateStyle>(['medium', 'full', 'time']);

export function formatDate(
  date: DateInput,
  locale: string,
  timeZone: string,
  style: DateStyle,
): string {
  const name = `date ${locale} ${timeZone} ${style}`;
  const at = new Date(date).getTime();
  return once(`${name} ${at}`, () => {
    const format = remember(name, () => {
      const options: Intl.DateTimeFormatOptions = { ...dateStyles[style], timeZone };
      return new Intl.DateTimeFormat(dateLocale(locale), options);
    });
    const text = format.format(at);
    // Without a chosen time zone, times are shown in UTC and labelled so.
    return timeZone === 'UTC' && NAMES_NO_ZONE.has(style) ? `${text} UTC` : text;
  });
}

/** The calendar day of a moment in a time zone, ISO 8601: `2026-02-28`. */
export function isoDay(date: DateInput, timeZone: string): string {
  const format = remember(`day ${timeZone}`, () => new Intl.DateTimeFormat('en-CA', { timeZone }));
  return format.format(new Date(date));
}

const steps: [limit: number, unit: Intl.RelativeTimeFormatUnit, seconds: number][] = [
  [60, 'second', 1],
  [3600, 'minute', 60],
  [86_400, 'hour', 3600],
  [86_400 * 30, 'day', 86_400],
  [86_400 * 365, 'month', 86_400 * 30.44],
  [Infinity, 'year', 86_400 * 365.25],
];

/** "3 hours ago"; anything under a minute is "now". */
export function formatRelative(date: DateInput, locale: string, now = Date.now()): string {
  const seconds = (new Date(date).getTime() - now) / 1000;
  const [, unit, size] = steps.find(([limit]) => Math.abs(seconds) < limit)!;
  const ago = unit === 'second' ? 0 : Math.trunc(seconds / size);
  const name = `relative ${locale}`;
  return once(`${name} ${ago} ${unit}`, () =>
    remember(name, () => new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })).format(ago, unit),
  );
}

export function formatNumber(value: number, locale: string): string {
  const name = `number ${locale}`;
  return once(`${name} ${value}`, () =>
    remember(name, () => new Intl.NumberFormat(locale)).format(value),
  );
}

/** `0.25` → 25 %, without decimals. */
export function formatPercent(value: number, locale: string): string {
  const name = `percent ${locale}`;
  return remember(name, () => new Intl.NumberFormat(locale, { style: 'percent' })).format(value);
}

/** @param value an exact decimal number, `12.5`; shown with the digits it has, up to 10 after the point */
export function formatDecimal(value: string, locale: string): string {
  const format = remember(
    `decimal ${locale}`,
    () => new Intl.NumberFormat(locale, { maximumFractionDigits: 10 }),
  );
  return format.format(value as Intl.StringNumericLiteral);
}

/** @param amount in the currency's minor units (cents for EUR, whole yen for JPY) */
export function formatMoney(amount: number, currency: string, locale: string): string {
  const format = remember(
    `money ${locale} ${currency}`,
    () => new Intl.NumberFormat(locale, { style: 'currency', currency }),
  );
  return format.format(amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
}

/** `nl-BE` and `BE` → 🇧🇪; a language without a region gets the flag of its best-known country. */
export function flagOf(code: string): string {
  const region = code.split('-').at(-1)!.toUpperCase();
  const country = region === 'EN' ? 'GB' : region;
  return String.fromCodePoint(...[...country].map((letter) => 0x1f1a5 + letter.charCodeAt(0)));
}

/** Plain `en` formats dates as in the US; en-GB is used instead. */
function dateLocale(locale: string): string {
  return locale === 'en' ? 'en-GB' : locale;
}

/** Cache of formatted texts: formatting takes microseconds, and pages repeat the same values. */
const texts = new BoundedCache<string, string>(10_000);

function once(name: string, make: () => string): string {
  return texts.get(name) ?? texts.set(name, make());
}

/** `12 kB`, `3,4 MB`: decimal units, as file managers count. */
export function formatSize(bytes: number, locale: string): string {
  const isSmall = bytes < 1_000_000;
  const value = Math.max(bytes / (isSmall ? 1_000 : 1_000_000), 0.1);
  const unit = isSmall ? 'kilobyte' : 'megabyte';
  return new Intl.NumberFormat(locale, { style: 'unit', unit, maximumFractionDigits: 1 }).format(
    value,
  );
}
