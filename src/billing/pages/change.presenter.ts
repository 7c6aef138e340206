import { formatDate } from '../../core/views/intl.js';
import { moneyText } from '../money/format-money.js';
import type { Money } from '../money/money.js';
import type { ChangePreview } from '../provider/payment-provider.js';
import type { LiveSubscription } from '../sync/subscriptions.repository.js';
import type { Reader } from './standing.presenter.js';

/** What a change costs, now and from the next period on. */
export function presentChange(
  subscription: LiveSubscription | null,
  { now, vat, next, nextAt }: ChangePreview,
  { locale, timeZone }: Reader,
) {
  const text = (money: Money) => moneyText(money, locale);
  const today = subscription && {
    currency: subscription.currency,
    amount: BigInt(subscription.unitAmount) * BigInt(subscription.quantity),
  };
  const isCredit = now.amount < 0n;
  return {
    /** `nothing`, `charge` or `credit`: what happens now. */
    kind: now.amount === 0n ? 'nothing' : isCredit ? 'credit' : 'charge',
    now: text(isCredit ? negated(now) : now),
    vat: vat && vat.amount !== 0n ? text(isCredit ? negated(vat) : vat) : null,
    before: today && text(today),
    next: text(next),
    nextAt: formatDate(nextAt, locale, timeZone, 'long'),
    isTrial: subscription?.status === 'trialing',
    seats: subscription?.quantity ?? 0,
    plan: subscription?.planKey ?? null,
    interval: subscription?.interval ?? null,
  };
}

function negated({ amount, currency }: Money): Money {
  return { amount: -amount, currency };
}
