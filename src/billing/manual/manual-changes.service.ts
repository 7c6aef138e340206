import { Injectable } from '@nestjs/common';
import type {
  ChangePreview,
  SeatChange,
  SubscriptionChange,
} from '../provider/payment-provider.js';
import { ProviderRefused } from '../provider/provider-errors.js';
import { vatOn } from '../tax/vat-amount.js';
import { ManualBooks } from './manual-books.js';
import {
  afterInterval,
  isTrialing,
  priceOfChange,
  restOf,
  totalOf,
  type ManualSubscription,
} from './manual-subscription.js';

/** Changes of a subscription that staff sold. */
@Injectable()
export class ManualChanges {
  constructor(private readonly books: ManualBooks) {}

  /** Seats that are added are paid from today, with the next invoice; those that go, from the next period on. */
  setSeats({ subscriptionId, seats, revision }: SeatChange): Promise<void> {
    return this.books.change(subscriptionId, (subscription) => {
      if (!isNewChange(subscription, revision)) return;
      const now = this.books.now();
      const price = this.books.priceOf(subscription);
      const added = seats - subscription.seats;
      if (added > 0 && price.per === 'seat' && !isTrialing(subscription, now)) {
        const unitPrice = String(restOf(price.unitPrice.amount, subscription, now));
        const days = this.books.daysOf(now, subscription.periodEnd);
        subscription.pending = [...subscription.pending, { seats: added, unitPrice, ...days }];
      }
      Object.assign(subscription, { seats, revision });
    });
  }

  /** What the new plan costs more for the rest of the period is invoiced at once. */
  changePlan({ subscriptionId, price, seats, revision }: SubscriptionChange): Promise<void> {
    return this.books.change(subscriptionId, async (subscription) => {
      if (!isNewChange(subscription, revision)) return;
      const now = this.books.now();
      const before = this.books.priceOf(subscription);
      const asked = priceOfChange(subscription, { before, after: price, seats }, now);
      Object.assign(subscription, { priceKey: price.key, seats, revision });
      if (before.interval !== price.interval && !isTrialing(subscription, now)) {
        Object.assign(subscription, {
          periodStart: now,
          periodEnd: afterInterval(now, price.interval),
        });
      }
      if (asked === 0n) return;
      const period = this.books.daysOf(now, subscription.periodEnd);
      await this.books.bill(subscription, [
        { kind: 'change', price, quantity: 1, unitPrice: asked, period },
      ]);
    });
  }

  /** @throws ProviderRefused as `changePlan` does */
  async preview(change: SubscriptionChange): Promise<ChangePreview> {
    const { subscription, treatment } = await this.books.look(change.subscriptionId);
    requireLive(subscription);
    const now = this.books.now();
    const { price, seats } = change;
    const before = this.books.priceOf(subscription);
    const asked = priceOfChange(subscription, { before, after: price, seats }, now);
    const { currency } = price.unitPrice;
    const stays = before.interval === price.interval || isTrialing(subscription, now);
    return {
      now: { amount: asked, currency },
      next: { amount: totalOf(price, seats), currency },
      nextAt: stays ? subscription.periodEnd : afterInterval(now, price.interval),
      vat: { amount: vatOn(asked, treatment.rate), currency },
    };
  }

  setCancellation(id: string, isCancelled: boolean): Promise<void> {
    return this.books.change(id, (subscription) => {
      requireLive(subscription);
      subscription.canceledAt = isCancelled ? (subscription.canceledAt ?? this.books.now()) : null;
      subscription.cancelsAtPeriodEnd = isCancelled;
    });
  }

  /** At once; `alongside` in the same unit of work. Once it has ended nothing changes any more. */
  end(id: string, alongside: () => Promise<void>): Promise<void> {
    return this.books.change(id, async (subscription) => {
      const now = this.books.now();
      subscription.endedAt ??= now;
      subscription.canceledAt ??= now;
      await alongside();
    });
  }

  /** @throws ProviderRefused `not_possible` where there is no trial */
  extendTrial(id: string, until: Date): Promise<void> {
    return this.books.change(id, (subscription) => {
      requireLive(subscription);
      if (!isTrialing(subscription, this.books.now())) {
        throw new ProviderRefused('not_possible', 'The subscription has no trial');
      }
      Object.assign(subscription, { trialEndsAt: until, periodEnd: until });
    });
  }
}

/** The same change again, or one that is older, is none. @throws ProviderRefused `not_possible` */
function isNewChange(subscription: ManualSubscription, revision: number): boolean {
  requireLive(subscription);
  return revision > subscription.revision;
}

function requireLive({ id, endedAt }: ManualSubscription): void {
  if (endedAt) throw new ProviderRefused('not_possible', `The subscription ${id} is over`);
}
