import { Module } from '@nestjs/common';
import { VatChecks } from '../tax/vat-checks.service.js';
import { VatChecksRepository } from '../tax/vat-checks.repository.js';
import { InvoiceIssuer } from './invoice-issuer.js';
import { IssuedInvoicesPageController } from './issued-invoices.page.controller.js';
import { IssuedInvoicesRepository } from './issued-invoices.repository.js';
import { ConfiguredSeller } from './seller-config.js';

/** Invoices that we issue ourselves, and the VAT on them. */
@Module({
  controllers: [IssuedInvoicesPageController],
  providers: [
    ConfiguredSeller,
    InvoiceIssuer,
    IssuedInvoicesRepository,
    VatChecks,
    VatChecksRepository,
  ],
  exports: [ConfiguredSeller, InvoiceIssuer, IssuedInvoicesRepository, VatChecks],
})
export class InvoicingModule {}
