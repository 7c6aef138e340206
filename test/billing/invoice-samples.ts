import { invoiceContent, type InvoiceOrder } from '../../src/billing/invoices/invoice-content.js';
import type {
  InvoiceContent,
  InvoiceDocument,
} from '../../src/billing/invoices/invoice-document.js';

export const SELLER = {
  name: 'Atrium Software NV',
  street: 'Kouter 1',
  postalCode: '9000',
  city: 'Gent',
  country: 'BE',
  vatNumber: 'BE0403170701',
  registration: '0403170701',
  email: 'invoices@atrium.example',
};

export const BUYER = {
  name: 'Bakkerij Peeters & Zonen <BV>',
  street: 'Grote Markt 2 "bus 3"',
  postalCode: '2000',
  city: 'Antwerpen',
  country: 'BE',
  vatNumber: 'BE0428759497',
  registration: '0428759497',
  email: 'facturen@peeters.example',
};

export function order(changes: Partial<InvoiceOrder> = {}): InvoiceOrder {
  return {
    currency: 'EUR',
    seller: SELLER,
    buyer: BUYER,
    purchaseOrder: 'PO-7',
    customerReference: 'C-0001',
    account: { iban: 'BE68 5390 0754 7034', bic: 'TRIOBEBB', holder: SELLER.name },
    lines: [
      {
        description: 'Team, per seat and month',
        quantity: 7,
        unitPrice: 1200n,
        period: { from: '2026-11-12', to: '2026-12-11' },
      },
    ],
    treatment: { category: 'S', rate: 2100, reason: 'domestic' },
    ...changes,
  };
}

export function issued(content: InvoiceContent = invoiceContent(order())): InvoiceDocument {
  return {
    ...content,
    number: content.kind === 'invoice' ? '2026-00042' : 'C2026-00001',
    issuedOn: '2026-11-12',
    dueOn: '2026-12-12',
    communication: '+++090/9337/55493+++',
  };
}
