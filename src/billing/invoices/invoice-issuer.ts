import { Injectable } from '@nestjs/common';
import { DomainError } from '../../core/errors/domain-error.js';
import type { VatTreatment } from '../tax/vat-rules.js';
import { brokenRules } from './en16931-rules.js';
import { creditNoteContent, invoiceContent, type PlainLine } from './invoice-content.js';
import type { InvoiceContent, InvoiceParty } from './invoice-document.js';
import { IssuedInvoicesRepository, type NewInvoice } from './issued-invoices.repository.js';
import { ConfiguredSeller } from './seller-config.js';
import { dayOf, daysAfter } from './seller.js';

export interface Sale {
  subscriptionId: string | null;
  buyer: InvoiceParty;
  purchaseOrder: string | null;
  /** What the customer is known by: 1–50 characters. */
  customerReference: string;
  currency: string;
  treatment: VatTreatment;
  lines: readonly PlainLine[];
  /** Days the customer has to pay. */
  paymentDays: number;
}

/** What the invoice would say breaks the rules of EN 16931: it is not issued. */
export class InvoiceBreaksRules extends Error {
  constructor(readonly rules: readonly string[]) {
    super(`The invoice is not issued: ${rules.join(', ')}`);
    this.name = 'InvoiceBreaksRules';
  }
}

/**
 * Issues invoices and credit notes of the seller to the organisation in context, as the role billing and in the
 * open unit of work.
 */
@Injectable()
export class InvoiceIssuer {
  constructor(
    private readonly invoices: IssuedInvoicesRepository,
    private readonly seller: ConfiguredSeller,
  ) {}

  /** @throws InvoiceBreaksRules @returns its id */
  issue({ paymentDays, subscriptionId, ...sale }: Sale, now = new Date()): Promise<string> {
    const { party, account } = this.seller.value;
    const issuedOn = dayOf(this.seller.value, now);
    return this.add({
      content: invoiceContent({ ...sale, seller: party, account }),
      issuedOn,
      dueOn: daysAfter(issuedOn, paymentDays),
      correctsId: null,
      subscriptionId,
    });
  }

  /**
   * Takes an invoice back, all of it. Credited already it stays as it is.
   * @returns the id of the credit note; null where there was one already
   * @throws DomainError `not_found`, also for a credit note
   */
  async credit(id: string, now = new Date()): Promise<string | null> {
    const found = await this.invoices.find(id);
    if (found?.document.kind !== 'invoice') throw new DomainError('not_found', 'errors.not_found');
    if (found.isCredited) return null;
    const issuedOn = dayOf(this.seller.value, now);
    const { subscriptionId } = found;
    const content = creditNoteContent(found.document);
    return this.add({ content, issuedOn, dueOn: issuedOn, correctsId: id, subscriptionId });
  }

  private add(invoice: NewInvoice): Promise<string> {
    requireRules(invoice.content);
    return this.invoices.add(invoice);
  }
}

function requireRules(content: InvoiceContent): void {
  const broken = brokenRules(content);
  if (broken.length > 0) throw new InvoiceBreaksRules(broken);
}
