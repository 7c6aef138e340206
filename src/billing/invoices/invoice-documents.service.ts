import { Injectable } from '@nestjs/common';
import { AppConfig } from '../../core/config/config.js';
import { Translator } from '../../core/i18n/translator.js';
import { priceOf } from '../catalogue/catalogue.js';
import { BillingDetailsService } from '../subscriptions/billing-details.service.js';
import { documentOf, type SyncedInvoice } from './provider-invoice.js';
import { ConfiguredSeller } from './seller-config.js';
import type { Seller } from './seller.js';

/** Who sells in the sandbox, where nobody is configured: an example, with a number that passes its check. */
const EXAMPLE: Pick<Seller, 'party' | 'timeZone'> = {
  party: {
    name: 'Example NV',
    street: 'Kouter 1',
    postalCode: '9000',
    city: 'Gent',
    country: 'BE',
    vatNumber: 'BE0403170701',
    registration: '0403170701',
    email: 'invoices@example.com',
  },
  timeZone: 'Europe/Brussels',
};

/** Invoices of the provider, to the organisation in context, as structured documents (EN 16931). */
@Injectable()
export class InvoiceDocuments {
  constructor(
    private readonly config: AppConfig,
    private readonly configured: ConfiguredSeller,
    private readonly details: BillingDetailsService,
    private readonly texts: Translator,
  ) {}

  /** `document` is null where something is not known that it must say. */
  async of(invoice: SyncedInvoice) {
    const seller = this.seller();
    const buyer = await this.details.current();
    const lines = invoice.lines.map((line) => ({ ...line, description: this.described(line) }));
    const document = seller && documentOf({ ...invoice, lines }, buyer, seller);
    return { seller: seller?.party ?? null, buyer, document };
  }

  private seller(): Pick<Seller, 'party' | 'timeZone'> | null {
    const { BILLING_SELLER_NAME: name, BILLING_PROVIDER: provider } = this.config;
    if (name) return this.configured.value;
    return provider === 'sandbox' ? EXAMPLE : null;
  }

  private described({ description }: { description: string }): string {
    const price = priceOf(description);
    if (!price) return description;
    const plan = this.texts.t(`billing.plans.${price.plan}`);
    return this.texts.t(`billing.invoice.line.${price.interval}`, { plan });
  }
}
