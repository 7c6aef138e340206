import { Module } from '@nestjs/common';
import { InvoicingModule } from '../invoices/invoicing.module.js';
import { ManualBooks } from './manual-books.js';
import { ManualChanges } from './manual-changes.service.js';
import { ManualSales } from './manual-sales.service.js';
import { ManualProvider } from './manual.provider.js';
import { ManualRepository } from './manual.repository.js';

/** The provider "manual": staff sell, customers pay invoices by transfer. */
@Module({
  imports: [InvoicingModule],
  providers: [ManualBooks, ManualChanges, ManualProvider, ManualRepository, ManualSales],
  exports: [ManualBooks, ManualProvider, ManualSales],
})
export class ManualModule {}
