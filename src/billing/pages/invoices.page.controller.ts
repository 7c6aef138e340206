import { Controller, Get, Header, Param, type StreamableFile } from '@nestjs/common';
import type { Principal } from '../../core/context/principal.js';
import { DomainError } from '../../core/errors/domain-error.js';
import { CurrentUser } from '../../core/http/access/current-user.js';
import { DenyImpersonation, May } from '../../core/http/access/access.js';
import { page, type Page } from '../../core/http/pipeline/answers.js';
import { idParam } from '../../core/http/pipeline/id-param.js';
import { InvoiceDocuments } from '../invoices/invoice-documents.service.js';
import { ublFile } from '../invoices/ubl-file.js';
import { BillingService } from '../subscriptions/billing.service.js';
import { presentInvoice } from './invoice.presenter.js';
import { readerOf } from './reader.js';

/** Invoices of the provider: as a page to read and print, and as the file for an access point. */
@Controller('settings/billing/invoices')
@May('billing:read')
@DenyImpersonation()
export class InvoicesPageController {
  constructor(
    private readonly billing: BillingService,
    private readonly documents: InvoiceDocuments,
  ) {}

  @Get(':id')
  async show(@CurrentUser() me: Principal, @Param('id') id: string): Promise<Page> {
    const found = await this.billing.invoice(me, idParam(id));
    const { seller, buyer, document } = await this.documents.of(found);
    const model = {
      ...{ seller, buyer },
      invoice: presentInvoice(found, readerOf(me)),
      hasFile: document !== null,
    };
    return page('billing/invoice', model, { section: 'settings' });
  }

  /** UBL 2.1, Peppol BIS Billing 3.0. @throws DomainError `not_found` while something required is not known */
  @Get(':id/ubl')
  @Header('Cache-Control', 'no-store')
  async ubl(@CurrentUser() me: Principal, @Param('id') id: string): Promise<StreamableFile> {
    const found = await this.billing.invoice(me, idParam(id));
    const { document } = await this.documents.of(found);
    if (!document) throw new DomainError('not_found', 'errors.not_found');
    return ublFile(document);
  }
}
