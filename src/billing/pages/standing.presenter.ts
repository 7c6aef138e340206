import type { Principal } from '../../core/context/principal.js';
import type { AccessMode } from '../../core/entitlements/entitlements.js';
import { formatDate } from '../../core/views/intl.js';
import type { Locale } from '../../core/i18n/locales.js';
import { moneyText } from '../money/format-money.js';
import type { BillingOverview } from '../subscriptions/billing.service.js';
import type { LiveSubscription } from '../sync/subscriptions.repository.js';

const DAY = 24 * 3600 * 1000;

/**
 * What an organisation sees of its subscription; texts `billing.standing.<state>`.
 * `trial_without_card`: it ends with the trial. `cancelling`: it ends with the period.
 */
export type Standing =
  | 'free'
  | 'over_limit'
  | 'incomplete'
  | 'trial'
  | 'trial_without_card'
  | 'active'
  | 'cancelling'
  | 'past_due'
  | 'read_only'
  | 'unknown';

const TONES: Readonly<Record<Standing, 'success' | 'info' | 'warning' | 'error' | null>> = {
  free: null,
  over_limit: 'error',
  incomplete: 'warning',
  trial: 'info',
  trial_without_card: 'warning',
  active: 'success',
  cancelling: 'warning',
  past_due: 'error',
  read_only: 'error',
  unknown: 'warning',
};

export function standingOf(
  { subscription, customer }: Pick<BillingOverview, 'subscription' | 'customer'>,
  mode: AccessMode,
): Standing {
  if (!subscription) return mode === 'over_limit' ? 'over_limit' : 'free';
  const { status, cancelAt } = subscription;
  if (status === 'incomplete') return 'incomplete';
  if (mode === 'read_only') return 'read_only';
  if (status === 'past_due') return 'past_due';
  if (cancelAt) return 'cancelling';
  if (status === 'trialing') {
    return customer?.paymentMethod === 'known' ? 'trial' : 'trial_without_card';
  }
  return status === 'active' ? 'active' : 'unknown';
}

export interface Reader {
  locale: Locale;
  timeZone: string;
  now: Date;
}

/** Plan and status in one sentence, with everything the page needs to say beside it. */
export function presentStanding(
  overview: BillingOverview,
  plan: Principal['plan'],
  mode: AccessMode,
  reader: Reader,
) {
  const { subscription, members, customer } = overview;
  const state = standingOf(overview, mode);
  const { locale, timeZone, now } = reader;
  const date = (at: Date | null) => at && formatDate(at, locale, timeZone, 'long');
  const ends = subscription && endOf(subscription);
  return {
    state,
    tone: TONES[state],
    plan: subscription?.planKey ?? 'free',
    interval: subscription?.interval ?? null,
    members,
    seats: subscription?.quantity ?? members,
    amount: subscription && moneyText(periodPrice(subscription), locale),
    date: date(ends),
    daysLeft: ends ? Math.max(0, Math.ceil((+ends - +now) / DAY)) : 0,
    dueSince: date(subscription?.pastDueSince ?? null),
    /** After it an organisation with a payment due can only read. */
    accessUntil: date(plan?.accessUntil ?? null),
    confirmationUrl: subscription?.confirmationUrl ?? null,
    payment: { kind: customer?.paymentMethod ?? 'none', label: customer?.paymentLabel ?? null },
    hasCustomer: customer?.externalId != null,
    isChangeable: subscription !== null && CHANGEABLE.has(state),
    isResumable: state === 'cancelling',
    isCancellable: subscription !== null && CANCELLABLE.has(state),
  };
}

const CHANGEABLE: ReadonlySet<Standing> = new Set(['trial', 'trial_without_card', 'active']);
const CANCELLABLE: ReadonlySet<Standing> = new Set([...CHANGEABLE, 'past_due', 'read_only']);

/** When what was paid for, or tried, is over. */
function endOf({ status, cancelAt, trialEndsAt, currentPeriodEnd }: LiveSubscription): Date {
  return cancelAt ?? (status === 'trialing' ? trialEndsAt : null) ?? currentPeriodEnd;
}

function periodPrice({ unitAmount, quantity, currency }: LiveSubscription) {
  return { amount: BigInt(unitAmount) * BigInt(quantity), currency };
}
