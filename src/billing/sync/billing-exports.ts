import { Injectable } from '@nestjs/common';
import { inBatches } from '../../core/database/tenant-rows.js';
import type { ExportSource } from '../../core/features/feature.js';
import { BillingCustomersRepository } from './billing-customers.repository.js';
import { InvoicesRepository } from './invoices.repository.js';
import { SubscriptionsRepository } from './subscriptions.repository.js';

/** Billing details, for each provider the organisation was a customer of. */
@Injectable()
export class BillingDetailsExport implements ExportSource {
  constructor(private readonly customers: BillingCustomersRepository) {}

  async *rows() {
    yield* await this.customers.details();
  }
}

/** Every subscription the organisation ever had. */
@Injectable()
export class SubscriptionsExport implements ExportSource {
  constructor(private readonly subscriptions: SubscriptionsRepository) {}

  rows() {
    return inBatches((after, limit) => this.subscriptions.all(after, limit));
  }
}

/** Every invoice; amounts are minor units of the currency (ISO 4217). */
@Injectable()
export class InvoicesExport implements ExportSource {
  constructor(private readonly invoices: InvoicesRepository) {}

  async *rows() {
    for await (const row of inBatches((after, limit) => this.invoices.all(after, limit))) {
      const { issuedAt: issued_at, dueAt: due_at, paidAt: paid_at, ...invoice } = row;
      yield { ...invoice, issued_at, due_at, paid_at };
    }
  }
}

/** The lines of every invoice. */
@Injectable()
export class InvoiceLinesExport implements ExportSource {
  constructor(private readonly invoices: InvoicesRepository) {}

  async *rows() {
    for await (const { id } of inBatches((after, limit) => this.invoices.all(after, limit))) {
      for (const line of await this.invoices.lines(id)) {
        yield { ...line, invoice_id: id, vat_rate: line.vatRate, vat_category: line.vatCategory };
      }
    }
  }
}
