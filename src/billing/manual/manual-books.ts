import { Injectable } from '@nestjs/common';
import { billingRole } from '../../core/database/privileged/billing.role.js';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import { LOCALES, type Locale } from '../../core/i18n/locales.js';
import { Translator } from '../../core/i18n/translator.js';
import { Mailer } from '../../core/mail/mailer.js';
import { UUID } from '../../core/utils/uuid.js';
import { priceOf } from '../catalogue/catalogue.js';
import type { Price } from '../catalogue/plan.js';
import type { PlainLine } from '../invoices/invoice-content.js';
import type { InvoiceParty } from '../invoices/invoice-document.js';
import { creditNoteMail, invoiceMail } from '../invoices/invoice-mail.js';
import { InvoiceIssuer } from '../invoices/invoice-issuer.js';
import { IssuedInvoicesRepository } from '../invoices/issued-invoices.repository.js';
import { ConfiguredSeller } from '../invoices/seller-config.js';
import { dayOf, daysAfter, type Seller } from '../invoices/seller.js';
import { ProviderRefused } from '../provider/provider-errors.js';
import { inOrganisation } from '../sync/in-organisation.js';
import { readVatNumber } from '../tax/vat-number/vat-number.js';
import { VatChecks } from '../tax/vat-checks.service.js';
import { vatFor, type VatTreatment } from '../tax/vat-rules.js';
import { ManualRepository, type ManualCustomer } from './manual.repository.js';
import type { ManualSubscription } from './manual-subscription.js';

export type LineKind = 'period' | 'seats' | 'change';

export interface ManualLine extends Omit<PlainLine, 'description'> {
  kind: LineKind;
  price: Price;
}

/** What all that is done in the books of the provider "manual" has in common. */
@Injectable()
export class ManualBooks {
  /** Another clock in tests. */
  now: () => Date = () => new Date();
  /**
   * Told of what staff and time change, within the unit of work: whoever syncs the customer writes it down in it.
   * The same `happening` is told more than once.
   */
  onChange: (tenantId: string, happening: string) => Promise<void> = () => Promise.resolve();

  constructor(
    readonly repository: ManualRepository,
    private readonly issuer: InvoiceIssuer,
    private readonly issued: IssuedInvoicesRepository,
    private readonly translator: Translator,
    private readonly mailer: Mailer,
    private readonly unitOfWork: UnitOfWork,
    private readonly vatChecks: VatChecks,
    private readonly configured: ConfiguredSeller,
  ) {}

  get seller(): Seller {
    return this.configured.value;
  }

  get today(): string {
    return dayOf(this.seller, this.now());
  }

  /** One unit of work in the books of one organisation, whosever request it is. */
  within<T>(tenantId: string, work: () => Promise<T>): Promise<T> {
    return inOrganisation(tenantId, () => this.unitOfWork.runAs(billingRole, work));
  }

  /** Changes a subscription, whosever it is. @throws ProviderRefused `not_found` */
  change(
    id: string,
    act: (subscription: ManualSubscription) => Promise<void> | void,
  ): Promise<void> {
    return this.inBooksOf(id, async (subscription) => {
      await act(subscription);
      await this.repository.save(subscription);
    });
  }

  /** The subscription, and how VAT treats it. @throws ProviderRefused `not_found` */
  look(id: string): Promise<{ subscription: ManualSubscription; treatment: VatTreatment }> {
    return this.inBooksOf(id, async (subscription, customer) => {
      return { subscription, treatment: await this.treatmentOf(customer) };
    });
  }

  private async inBooksOf<T>(
    id: string,
    work: (subscription: ManualSubscription, customer: ManualCustomer) => Promise<T>,
  ): Promise<T> {
    const tenantId = UUID.test(id) ? await this.repository.ownerOf(id) : null;
    if (!tenantId) throw notFound(id);
    return this.within(tenantId, async () => {
      const subscription = await this.repository.lock(id);
      const customer = await this.repository.customer();
      if (!subscription || !customer) throw notFound(id);
      return work(subscription, customer);
    });
  }

  /** Issues an invoice for a subscription and mails it, in the language of the customer. */
  async bill(subscription: ManualSubscription, lines: readonly ManualLine[]): Promise<void> {
    const [first] = lines;
    const customer = await this.repository.customer();
    if (!first || !customer) return;
    const country = customer.country ?? this.seller.party.country;
    const id = await this.issuer.issue(
      {
        subscriptionId: subscription.id,
        buyer: buyerOf(customer, country),
        purchaseOrder: customer.purchaseOrder,
        customerReference: `C-${customer.tenantId.slice(0, 8).toUpperCase()}`,
        currency: first.price.unitPrice.currency,
        treatment: await this.treatmentOf(customer),
        lines: lines.map((line) => this.written(line, localeOf(customer))),
        paymentDays: subscription.paymentDays,
      },
      this.now(),
    );
    await this.sendInvoice(id, customer);
  }

  /** The address of an invoice's page. */
  pageOf(invoiceId: string): string {
    return this.mailer.link(`/settings/billing/issued/${invoiceId}/`);
  }

  priceOf({ priceKey }: Pick<ManualSubscription, 'priceKey'>): Price {
    const price = priceOf(priceKey);
    if (!price) throw new Error(`The catalogue has no price ${priceKey}`);
    return price;
  }

  /** How VAT treats what the customer buys today; within a unit of work. */
  async treatmentOf(customer: ManualCustomer): Promise<VatTreatment> {
    const { country } = customer;
    const vatNumber = await this.vatChecks.reliable(customer);
    return vatFor({ country, vatNumber }, this.seller.party.country, this.today);
  }

  /** Before something is invoiced: whether VIES knows the customer's number, where that is asked. */
  async checkVatNumber(tenantId: string): Promise<void> {
    const within = <T>(work: () => Promise<T>) => this.within(tenantId, work);
    const customer = await within(() => this.repository.customer());
    if (customer) await this.vatChecks.ask(customer, within);
  }

  /** The days of a period; it ends the day before the next one begins. */
  daysOf(from: Date, until: Date): { from: string; to: string } {
    const first = dayOf(this.seller, from);
    const last = daysAfter(dayOf(this.seller, until), -1);
    return { from: first, to: last < first ? first : last };
  }

  /** Takes an invoice back and mails the credit note. False where that was done already. */
  async credit(invoiceId: string): Promise<boolean> {
    const id = await this.issuer.credit(invoiceId, this.now());
    const customer = id && (await this.repository.customer());
    if (id && customer) await this.sendInvoice(id, customer);
    return id !== null;
  }

  private async sendInvoice(id: string, customer: ManualCustomer): Promise<void> {
    const invoice = await this.issued.find(id);
    if (!invoice) return;
    const locale = localeOf(customer);
    const recipient = { kind: 'outsider', because: 'billing.mail.invoice.because' } as const;
    const { name: organization } = this.seller.party;
    const { document } = invoice;
    const page = this.pageOf(id);
    const to = { recipient, organization };
    if (document.kind === 'credit_note') {
      const told = { ...to, ...creditNoteMail(document, page, locale) };
      return this.mailer.send(customer.email, 'credit-note', told, locale);
    }
    const told = { ...to, ...invoiceMail(document, page, locale) };
    return this.mailer.send(customer.email, 'invoice', told, locale);
  }

  private written({ kind, price, ...line }: ManualLine, locale: Locale): PlainLine {
    const plan = this.translator.t(`billing.plans.${price.plan}`, {}, locale);
    const key = `billing.invoices.lines.${kind}_${price.interval}` as const;
    return { ...line, description: this.translator.t(key, { plan }, locale) };
  }
}

function notFound(id: string): ProviderRefused {
  return new ProviderRefused('not_found', `There is no subscription ${id}`);
}

function localeOf({ locale }: ManualCustomer): Locale {
  return LOCALES.find((it) => it === locale) ?? 'en';
}

function buyerOf(customer: ManualCustomer, country: string): InvoiceParty {
  const { name, email, street, postalCode, city, vatNumber: written } = customer;
  // What is no VAT number is not printed as one.
  const vatNumber = written ? (readVatNumber(written, country)?.text ?? null) : null;
  return {
    ...{ name, email, street, postalCode, city, country, vatNumber },
    // In Belgium the VAT number is the number of the register.
    registration: country === 'BE' && vatNumber ? vatNumber.replace(/\D/g, '') : null,
  };
}
