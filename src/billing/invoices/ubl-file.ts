import { StreamableFile } from '@nestjs/common';
import type { InvoiceDocument } from './invoice-document.js';
import { ublInvoice } from './ubl/ubl-invoice.js';

/** An invoice as a download: UBL 2.1, Peppol BIS Billing 3.0. Named by its number. */
export function ublFile(document: InvoiceDocument): StreamableFile {
  const name = document.number.replace(/[^\w.-]+/g, '-');
  return new StreamableFile(Buffer.from(ublInvoice(document)), {
    type: 'application/xml',
    disposition: `attachment; filename="${name}.xml"`,
  });
}
