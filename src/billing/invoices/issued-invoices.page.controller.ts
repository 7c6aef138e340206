import { Controller, Get, Header, Param, type StreamableFile } from '@nestjs/common';
import { currentContext } from '../../core/context/request-context.js';
import { DomainError } from '../../core/errors/domain-error.js';
import { DenyImpersonation, May } from '../../core/http/access/access.js';
import { page, type Page } from '../../core/http/pipeline/answers.js';
import { Translator } from '../../core/i18n/translator.js';
import { idParam } from '../../core/http/pipeline/id-param.js';
import { presentIssuedInvoice } from './issued-invoice.presenter.js';
import { IssuedInvoicesRepository, type IssuedInvoice } from './issued-invoices.repository.js';
import { ublFile } from './ubl-file.js';

/** Invoices and credit notes that we issued: as a page to print, and as the file for an access point. */
@Controller('settings/billing/issued')
@May('billing:read')
@DenyImpersonation()
export class IssuedInvoicesPageController {
  constructor(
    private readonly invoices: IssuedInvoicesRepository,
    private readonly translator: Translator,
  ) {}

  @Get(':id')
  async show(@Param('id') id: string): Promise<Page> {
    const invoice = presentIssuedInvoice(
      await this.found(id),
      this.translator,
      currentContext().locale,
    );
    return page('billing/issued-invoice', { invoice }, { section: 'settings' });
  }

  /** UBL 2.1, Peppol BIS Billing 3.0. */
  @Get(':id/ubl')
  @Header('Cache-Control', 'no-store')
  async ubl(@Param('id') id: string): Promise<StreamableFile> {
    const { document } = await this.found(id);
    return ublFile(document);
  }

  private async found(id: string): Promise<IssuedInvoice> {
    const invoice = await this.invoices.find(idParam(id));
    if (!invoice) throw new DomainError('not_found', 'errors.not_found');
    return invoice;
  }
}
