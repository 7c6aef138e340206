import { Injectable } from '@nestjs/common';
import { comparisonOf } from '../../core/back-office/start/comparison.js';
import { chartOf } from '../../core/back-office/start/chart.js';
import {
  StartFigures,
  type StartChart,
  type StartSection,
  type Tile,
} from '../../core/back-office/start/start-figures.js';
import { currentContext } from '../../core/context/request-context.js';
import { Entitlements } from '../../core/entitlements/entitlements.js';
import { formatNumber } from '../../core/views/intl.js';
import { moneyText } from '../money/format-money.js';
import {
  BillingFiguresRepository,
  type BillingDay,
  type BillingFigures as Counted,
} from './billing-figures.repository.js';

/** Prices of the catalogue are in it; others have no chart, since amounts in several cannot be added up. */
const MAIN_CURRENCY = 'EUR';
const DAYS = 30;
const SUBSCRIPTIONS = '/admin/subscriptions/';

/** Billing on the start page of the back office. i18n-uses: billing.charts.* */
@Injectable()
export class BillingFigures extends StartFigures<Counted> {
  readonly name = 'billing';
  readonly position = 10;

  constructor(
    private readonly figures: BillingFiguresRepository,
    private readonly entitlements: Entitlements,
  ) {
    super();
  }

  count(): Promise<Counted | null> {
    return this.entitlements.isOn ? this.figures.count() : Promise.resolve(null);
  }

  present(counted: Counted): StartSection {
    return {
      title: 'billing.figures.title',
      tiles: tilesOf(counted, currentContext().locale),
      charts: chartsOf(counted.days, currentContext().locale),
    };
  }
}

function tilesOf({ days, trialing, pastDue, parked }: Counted, locale: string): Tile[] {
  const number = (count: number) => [formatNumber(count, locale)];
  const today = days.at(-1);
  const month = today?.day.slice(0, 7);
  const ofMonth = days.filter(({ day }) => day.slice(0, 7) === month);
  const before = sameDaysBefore(days);
  const sum = (of: Summed) => sumOf(ofMonth, of);
  const compared = (of: Summed) =>
    comparisonOf({ now: sum(of), before: sumOf(before, of) }, 'month', locale);
  return [
    { label: 'billing.figures.mrr', values: mrrOf(today, locale), href: SUBSCRIPTIONS },
    {
      label: 'billing.figures.new_this_month',
      values: number(sum('started')),
      compared: compared('started'),
      href: SUBSCRIPTIONS,
    },
    {
      label: 'billing.figures.churned_this_month',
      values: number(sum('churned')),
      compared: compared('churned'),
      href: `${SUBSCRIPTIONS}?status=canceled`,
    },
    {
      label: 'billing.figures.trials',
      values: number(trialing),
      href: `${SUBSCRIPTIONS}?status=trialing`,
    },
    {
      label: 'billing.figures.past_due',
      values: number(pastDue),
      href: `${SUBSCRIPTIONS}?status=past_due`,
      isAlarming: pastDue > 0,
    },
    {
      label: 'billing.figures.parked',
      values: number(parked),
      href: '/admin/billing-events/?state=parked',
      isAlarming: parked > 0,
    },
  ];
}

/** Of each currency in which something is paid, that of the catalogue first. */
function mrrOf(today: BillingDay | undefined, locale: string): string[] {
  const amounts = Object.entries(today?.mrr ?? {}).filter(
    ([currency, amount]) => currency === MAIN_CURRENCY || BigInt(amount) !== 0n,
  );
  if (amounts.length === 0) amounts.push([MAIN_CURRENCY, '0']);
  return amounts
    .sort(([one], [other]) => rank(one) - rank(other) || (one < other ? -1 : 1))
    .map(([currency, amount]) => moneyText({ amount: BigInt(amount), currency }, locale));
}

function rank(currency: string): number {
  return currency === MAIN_CURRENCY ? 0 : 1;
}

type Summed = 'started' | 'churned';

function sumOf(days: readonly BillingDay[], of: Summed): number {
  return days.reduce((all, day) => all + day[of], 0);
}

/** The days of the month before, up to the day of the month that today is. */
function sameDaysBefore(days: readonly BillingDay[]): BillingDay[] {
  const today = days.at(-1)?.day ?? '';
  const month = days.findLast(({ day }) => day < `${today.slice(0, 7)}-01`)?.day.slice(0, 7);
  return days.filter(({ day }) => day.slice(0, 7) === month && day.slice(8) <= today.slice(8));
}

function chartsOf(all: readonly BillingDay[], locale: string): StartChart[] {
  const days = all.slice(-DAYS);
  const before = all.slice(-2 * DAYS, -DAYS);
  // A snapshot of an older version has no days before.
  const isKnown = before.length === DAYS;
  const sums = (of: Summed) =>
    isKnown
      ? comparisonOf({ now: sumOf(days, of), before: sumOf(before, of) }, 'sum', locale)
      : null;
  const states = (count: (day: BillingDay) => number, format?: (count: number) => string) => {
    const [first] = days;
    const last = days.at(-1);
    return first && last
      ? comparisonOf({ now: count(last), before: count(first) }, 'state', locale, format)
      : null;
  };
  const of = (count: (day: BillingDay) => number, format?: (count: number) => string) =>
    chartOf(
      days.map((each) => ({ day: each.day, count: count(each) })),
      format,
    );
  const money = (amount: number) =>
    moneyText({ amount: BigInt(amount), currency: MAIN_CURRENCY }, locale);
  const mrr = (day: BillingDay) => Number(day.mrr[MAIN_CURRENCY] ?? 0);
  return [
    {
      name: 'mrr',
      texts: 'billing.charts.mrr',
      chart: of(mrr, money),
      compared: states(mrr, money),
    },
    {
      name: 'new_subscriptions',
      texts: 'billing.charts.new_subscriptions',
      isSum: true,
      chart: of(({ started }) => started),
      compared: sums('started'),
    },
    {
      name: 'churned',
      texts: 'billing.charts.churned',
      isSum: true,
      chart: of(({ churned }) => churned),
      compared: sums('churned'),
    },
    {
      name: 'trials',
      texts: 'billing.charts.trials',
      chart: of(({ trials }) => trials),
      compared: states(({ trials }) => trials),
    },
    // Of past days only those are known that are overdue still: there is nothing to compare with.
    { name: 'past_due', texts: 'billing.charts.past_due', chart: of(({ overdue }) => overdue) },
  ];
}
