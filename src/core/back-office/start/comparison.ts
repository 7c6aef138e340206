import { formatNumber, formatPercent } from '../../views/intl.js';

/** What a number is compared with: a sum of the days before, a state so many days before, or days of the month before. */
export type Before = 'sum' | 'state' | 'month';

/** A number beside that of the period before, in words: no colour says whether it is good. */
export interface Comparison {
  with: Before;
  way: 'more' | 'less' | 'same';
  before: string;
  difference: string;
  /** Null where there was nothing before. */
  percent: string | null;
}

/** @param format of numbers that are no plain ones, as amounts are */
export function comparisonOf(
  numbers: { now: number; before: number },
  against: Before,
  locale: string,
  format: (count: number) => string = (count) => formatNumber(count, locale),
): Comparison {
  const { now, before } = numbers;
  const difference = Math.abs(now - before);
  return {
    with: against,
    way: now === before ? 'same' : now > before ? 'more' : 'less',
    before: format(before),
    difference: format(difference),
    percent: before === 0 ? null : formatPercent(difference / before, locale),
  };
}
