import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { AppConfig } from '../../core/config/config.js';
import { DomainError } from '../../core/errors/domain-error.js';
import { JobQueue } from '../../core/jobs/job-queue.js';
import { RecurringJobs } from '../../core/jobs/recurring-jobs.js';
import { IssuedInvoicesRepository } from '../invoices/issued-invoices.repository.js';
import { ManualBooks, type ManualLine } from './manual-books.js';
import { isOpen } from './manual-state.js';
import {
  afterInterval,
  isTrialing,
  type Agreement,
  type ManualSubscription,
} from './manual-subscription.js';

/** Seconds. */
const HOUR = 3600;
/** Organisations that are looked at in one go. */
const BATCH = 50;
/** Periods that are made up for at once, should nobody have come by: ten years of months. */
const MOST_PERIODS = 120;

/** What staff do for customers of the provider "manual", and what time does. */
@Injectable()
export class ManualSales implements OnModuleInit {
  private readonly log = new Logger('Billing');

  constructor(
    private readonly config: AppConfig,
    private readonly books: ManualBooks,
    private readonly invoices: IssuedInvoicesRepository,
    private readonly jobs: JobQueue,
    private readonly recurring: RecurringJobs,
  ) {}

  onModuleInit(): void {
    // A job may be left from when somebody sold by hand.
    const isSelling = this.config.BILLING_PROVIDER === 'manual';
    this.jobs.handle('manual_renewal', async () => {
      if (!isSelling) return;
      await this.renewDue();
      await this.tellOverdue();
    });
    if (isSelling) this.recurring.every(HOUR, 'manual_renewal');
  }

  /**
   * Sells a subscription. Without a trial its first invoice is issued at once.
   * @param alongside in the same unit of work, before the invoice gets its number
   * @throws DomainError `not_found` where the organisation is no customer, `conflict` where it has a subscription
   */
  async sell(
    tenantId: string,
    { price, seats, trialDays, paymentDays, paidFrom }: Agreement,
    alongside: Alongside = nothing,
  ): Promise<string> {
    const { repository } = this.books;
    await this.books.checkVatNumber(tenantId);
    return this.books.within(tenantId, async () => {
      if (!(await repository.lockCustomer()))
        throw new DomainError('not_found', 'errors.not_found');
      if (await repository.lockLive())
        throw new DomainError('conflict', 'billing.invoices.errors.has_one');
      const now = this.books.now();
      const startedAt = paidFrom && paidFrom < now ? paidFrom : now;
      const trialEndsAt = trialEndOf({ trialDays, paidFrom }, now);
      const periodEnd = trialEndsAt ?? afterInterval(startedAt, price.interval);
      const id = await repository.add({
        ...{
          priceKey: price.key,
          seats,
          paymentDays,
          startedAt,
          periodStart: startedAt,
          periodEnd,
        },
        ...{ trialEndsAt, cancelsAtPeriodEnd: false, canceledAt: null, endedAt: null },
        ...{ revision: 0, pending: [] },
      });
      const subscription = await repository.lock(id);
      await alongside(id);
      await this.books.onChange(tenantId, `sold_${id}`);
      // Last: others wait for their number.
      if (subscription && !trialEndsAt) await this.billPeriod(subscription);
      return id;
    });
  }

  /**
   * Paid already it stays as it is. Payments and credit notes of one customer take turns.
   * @param payment `paidOn`: a day, ISO 8601
   * @param alongside in the same unit of work, where the invoice was open
   * @returns false where it was paid already
   * @throws DomainError `not_found`, `conflict`
   */
  markPaid(
    tenantId: string,
    invoiceId: string,
    payment: { paidOn: string; reference: string | null },
    alongside: Alongside = nothing,
  ): Promise<boolean> {
    return this.books.within(tenantId, async () => {
      await this.books.repository.lockCustomer();
      const invoice = await this.invoices.find(invoiceId);
      if (!invoice) throw new DomainError('not_found', 'errors.not_found');
      if (invoice.paidOn !== null) return false;
      if (!isOpen(invoice)) throw new DomainError('conflict', 'billing.invoices.errors.not_open');
      if (!(await this.invoices.settle(invoiceId, payment.paidOn, payment.reference))) return false;
      await this.books.onChange(tenantId, `paid_${invoiceId}`);
      await alongside(invoiceId);
      return true;
    });
  }

  /**
   * Takes an invoice back by a credit note, which is mailed.
   * @param alongside in the same unit of work, where it was not taken back before
   * @returns false where it was taken back already
   * @throws DomainError `not_found`
   */
  credit(tenantId: string, invoiceId: string, alongside: Alongside = nothing): Promise<boolean> {
    return this.books.within(tenantId, async () => {
      await this.books.repository.lockCustomer();
      if (!(await this.books.credit(invoiceId))) return false;
      await this.books.onChange(tenantId, `credited_${invoiceId}`);
      await alongside(invoiceId);
      return true;
    });
  }

  /**
   * Renews or ends what is over by now, and issues the invoices of new periods. May be called as often as one
   * likes, by several processes: each period is billed once.
   * @returns the organisations of which something changed
   */
  async renewDue(): Promise<string[]> {
    const renewed = new Set<string>();
    const failed = new Set<string>();
    for (;;) {
      const due = await this.books.repository.due(this.books.now(), BATCH + failed.size);
      const next = due.filter((tenantId) => !failed.has(tenantId));
      if (next.length === 0) return [...renewed];
      for (const tenantId of next) {
        try {
          await this.books.checkVatNumber(tenantId);
          await this.books.within(tenantId, () => this.renew());
          renewed.add(tenantId);
        } catch (error) {
          // One whose invoice cannot be issued does not keep the others from theirs.
          failed.add(tenantId);
          this.log.error(`No renewal of ${tenantId}: ${(error as Error).message}`);
        }
      }
    }
  }

  /** Tells of invoices whose due date went by: from then on the customer is past due. */
  async tellOverdue(): Promise<void> {
    for (const { id, tenantId } of await this.invoices.overdue(this.books.today)) {
      await this.books.within(tenantId, () => this.books.onChange(tenantId, `overdue_${id}`));
    }
  }

  private async renew(): Promise<void> {
    const subscription = await this.books.repository.lockLive();
    if (!subscription) return;
    for (let count = 0; count < MOST_PERIODS && isOver(subscription, this.books.now()); count++) {
      if (subscription.cancelsAtPeriodEnd) {
        subscription.endedAt = subscription.periodEnd;
        break;
      }
      const { interval } = this.books.priceOf(subscription);
      subscription.periodStart = subscription.periodEnd;
      subscription.periodEnd = afterInterval(subscription.periodStart, interval);
      await this.billPeriod(subscription);
      subscription.pending = [];
    }
    await this.books.repository.save(subscription);
    const { id, tenantId, periodEnd } = subscription;
    await this.books.onChange(tenantId, `renewed_${id}_${+periodEnd}`);
  }

  private async billPeriod(subscription: ManualSubscription): Promise<void> {
    if (isTrialing(subscription, this.books.now())) return;
    const price = this.books.priceOf(subscription);
    const period: ManualLine = {
      kind: 'period',
      price,
      quantity: price.per === 'seat' ? subscription.seats : 1,
      unitPrice: price.unitPrice.amount,
      period: this.books.daysOf(subscription.periodStart, subscription.periodEnd),
    };
    const added = subscription.pending.map(({ seats, unitPrice, from, to }): ManualLine => {
      return {
        kind: 'seats',
        price,
        quantity: seats,
        unitPrice: BigInt(unitPrice),
        period: { from, to },
      };
    });
    await this.books.bill(subscription, [period, ...added]);
  }
}

/** What is committed together with a sale, a payment or a credit note. */
type Alongside = (id: string) => Promise<void>;

const nothing: Alongside = () => Promise.resolve();

/** Until the first paid day; null where that has come. */
function trialEndOf(
  { trialDays, paidFrom }: { trialDays: number; paidFrom: Date | undefined },
  now: Date,
): Date | null {
  if (paidFrom && paidFrom > now) return paidFrom;
  return trialDays > 0 ? new Date(+now + trialDays * 86_400_000) : null;
}

function isOver({ periodEnd, endedAt }: ManualSubscription, now: Date): boolean {
  return endedAt === null && periodEnd <= now;
}
