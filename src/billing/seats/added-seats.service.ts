import { Injectable, type OnModuleInit } from '@nestjs/common';
import { currentContext } from '../../core/context/request-context.js';
import type { AddedCost, AddedPrice } from '../../core/entitlements/added-cost.js';
import { MembershipsService } from '../../members/memberships.service.js';
import { seesBilling } from '../access/sees-billing.js';
import { PlanEntitlements } from '../access/plan-entitlements.js';
import { priceOf } from '../catalogue/catalogue.js';
import type { Price } from '../catalogue/plan.js';
import { moneyText } from '../money/format-money.js';
import type { ChangePreview } from '../provider/payment-provider.js';
import { ProviderRefused, ProviderUnavailable } from '../provider/provider-errors.js';
import { Providers } from '../provider/providers.js';
import { isSeatChangeable } from '../provider/subscription-status.js';
import {
  SubscriptionsRepository,
  type LiveSubscription,
} from '../sync/subscriptions.repository.js';

/** What it costs that more people can act than seats are paid for, before anybody is invited. */
@Injectable()
export class AddedSeats implements OnModuleInit {
  constructor(
    private readonly entitlements: PlanEntitlements,
    private readonly memberships: MembershipsService,
    private readonly providers: Providers,
    private readonly subscriptions: SubscriptionsRepository,
  ) {}

  onModuleInit(): void {
    this.entitlements.pricedBy('members', (more) => this.costOf(more));
  }

  /** Those who are invited count: whoever of them accepts takes a seat. */
  private async costOf(more: number): Promise<AddedCost | null> {
    const live = await this.subscriptions.live();
    if (!live || !isSeatChangeable(live.status)) return null;
    const price = live.priceKey ? priceOf(live.priceKey) : null;
    if (price?.per !== 'seat') return null;
    const { memberCount, invitationCount } = await this.memberships.overview();
    const needed = memberCount + invitationCount + more;
    if (needed <= live.quantity) return null;
    const { principal } = currentContext();
    const isHidden = !principal || !seesBilling(principal);
    return {
      paid: live.quantity,
      needed,
      price: isHidden ? null : priceTextOf(live, needed, await this.preview(live, price, needed)),
    };
  }

  /** Nobody is kept from inviting by a provider that does not answer: null. */
  private async preview(
    { externalId: subscriptionId, revision }: LiveSubscription,
    price: Price,
    seats: number,
  ): Promise<ChangePreview | null> {
    try {
      const change = { subscriptionId, price, seats, revision };
      return await this.providers.current.previewChange(change);
    } catch (error) {
      if (error instanceof ProviderUnavailable || error instanceof ProviderRefused) return null;
      throw error;
    }
  }
}

function priceTextOf(
  live: LiveSubscription,
  seats: number,
  preview: ChangePreview | null,
): AddedPrice {
  const { locale } = currentContext();
  const { currency, interval } = live;
  const periodOf = (count: number) => ({
    amount: BigInt(live.unitAmount) * BigInt(count),
    currency,
  });
  const vat = preview?.vat;
  return {
    now: preview && moneyText(preview.now, locale),
    vat: vat && vat.amount !== 0n ? moneyText(vat, locale) : null,
    interval,
    before: moneyText(periodOf(live.quantity), locale),
    next: moneyText(preview?.next ?? periodOf(seats), locale),
    nextAt: preview?.nextAt ?? live.currentPeriodEnd,
    isTrial: live.status === 'trialing',
  };
}
