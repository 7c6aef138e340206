/** Number on a day (ISO 8601, `2026-02-28`). */
export interface DayCount {
  day: string;
  count: number;
}

/** A column chart, ready to be drawn on a canvas of 600 × 120 units. */
export interface Chart {
  total: number;
  /** Number on the last day. */
  latest: number;
  /** `total`, `latest` and the highest number as texts, where they are no plain numbers. */
  texts: { total: string; latest: string; max: string } | null;
  max: number;
  /** The day with the highest number; null when all are 0. */
  peak: DayCount | null;
  bars: Array<
    DayCount & { x: number; y: number; width: number; height: number; text: string | null }
  >;
  first: string;
  last: string;
}

const WIDTH = 600;
const HEIGHT = 120;
/** Gap between columns as a share of the column width. */
const GAP = 0.25;

/** @param format of numbers that are no plain ones, as amounts are */
export function chartOf(days: DayCount[], format?: (count: number) => string): Chart {
  const max = Math.max(0, ...days.map(({ count }) => count));
  const share = WIDTH / Math.max(days.length, 1);
  const bars = days.map(({ day, count }, index) => {
    // A non-zero number has at least a visible height; zero has none.
    const height = count === 0 ? 0 : Math.max(3, round((count / max) * HEIGHT));
    const x = round(index * share + (share * GAP) / 2);
    const text = format?.(count) ?? null;
    return { day, count, x, y: HEIGHT - height, width: round(share * (1 - GAP)), height, text };
  });
  const total = days.reduce((sum, { count }) => sum + count, 0);
  const latest = days.at(-1)?.count ?? 0;
  return {
    ...{ total, latest, max },
    texts: format ? { total: format(total), latest: format(latest), max: format(max) } : null,
    peak: max === 0 ? null : days.find(({ count }) => count === max)!,
    bars,
    first: days[0]?.day ?? '',
    last: days.at(-1)?.day ?? '',
  };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
