import type { VatSubtotal } from '../../tax/vat-amount.js';
import type { VatCategory, VatRate } from '../../tax/vat-rules.js';
import type { InvoiceDocument, InvoiceKind, InvoiceLine } from '../invoice-document.js';
import { decimal } from '../../money/decimal.js';
import { minorUnits } from '../../money/minor-units.js';
import { taxScheme, ublParty } from './ubl-party.js';
import { element, optional, xmlDocument, type XmlElement } from './xml.js';

const CUSTOMIZATION = 'urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0';
const PROFILE = 'urn:fdc:peppol.eu:2017:poacc:billing:01:1.0';

/** What differs between the two documents of UBL. Type codes: UNCL 1001. */
const SHAPES: Readonly<Record<InvoiceKind, { root: string; code: string; quantity: string }>> = {
  invoice: { root: 'Invoice', code: '380', quantity: 'InvoicedQuantity' },
  credit_note: { root: 'CreditNote', code: '381', quantity: 'CreditedQuantity' },
};

/** Code list VATEX of the CEF, and the words the law wants on the paper. */
const EXEMPTIONS: Readonly<Partial<Record<VatCategory, readonly [code: string, text: string]>>> = {
  AE: ['VATEX-EU-AE', 'Reverse charge: article 196 of Directive 2006/112/EC'],
  O: ['VATEX-EU-O', 'Not subject to VAT: article 44 of Directive 2006/112/EC'],
};

/**
 * The invoice as UBL 2.1 (ISO/IEC 19845) in the profile Peppol BIS Billing 3.0, which is EN 16931: what an
 * access point sends. The order of elements is that of the schema.
 */
export function ublInvoice(invoice: InvoiceDocument): string {
  const { root, code } = SHAPES[invoice.kind];
  const isCreditNote = invoice.kind === 'credit_note';
  const withVatNumber = invoice.lines.every(({ category }) => category !== 'O');
  const children = [
    element('cbc:CustomizationID', CUSTOMIZATION),
    element('cbc:ProfileID', PROFILE),
    element('cbc:ID', invoice.number),
    element('cbc:IssueDate', invoice.issuedOn),
    !isCreditNote && element('cbc:DueDate', invoice.dueOn),
    element(`cbc:${root}TypeCode`, code),
    element('cbc:DocumentCurrencyCode', invoice.currency),
    element('cbc:BuyerReference', invoice.customerReference),
    invoice.purchaseOrder !== null &&
      element('cac:OrderReference', [element('cbc:ID', invoice.purchaseOrder)]),
    invoice.corrects !== null && billingReference(invoice.corrects),
    element('cac:AccountingSupplierParty', [ublParty(invoice.seller, { withVatNumber })]),
    element('cac:AccountingCustomerParty', [ublParty(invoice.buyer, { withVatNumber })]),
    paymentMeans(invoice),
    isCreditNote && element('cac:PaymentTerms', [element('cbc:Note', 'Credited')]),
    taxTotal(invoice),
    monetaryTotal(invoice),
    invoice.lines.map((line, index) => invoiceLine(line, index + 1, invoice)),
  ];
  return xmlDocument(
    element(root, children, {
      xmlns: `urn:oasis:names:specification:ubl:schema:xsd:${root}-2`,
      'xmlns:cac': 'urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2',
      'xmlns:cbc': 'urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2',
    }),
  );
}

/** BG-3 */
function billingReference({ number, issuedOn }: { number: string; issuedOn: string }): XmlElement {
  return element('cac:BillingReference', [
    element('cac:InvoiceDocumentReference', [
      element('cbc:ID', number),
      element('cbc:IssueDate', issuedOn),
    ]),
  ]);
}

/** BG-16; 58 is a SEPA credit transfer (UNCL 4461). */
function paymentMeans({ kind, account, communication }: InvoiceDocument): XmlElement | null {
  if (kind === 'credit_note' || !account) return null;
  return element('cac:PaymentMeans', [
    element('cbc:PaymentMeansCode', '58', { name: 'SEPA credit transfer' }),
    element('cbc:PaymentID', communication),
    element('cac:PayeeFinancialAccount', [
      element('cbc:ID', account.iban.replace(/\s/g, '')),
      element('cbc:Name', account.holder),
      account.bic !== null &&
        element('cac:FinancialInstitutionBranch', [element('cbc:ID', account.bic)]),
    ]),
  ]);
}

/** BG-23 */
function taxTotal({ vat, vatTotal, currency }: InvoiceDocument): XmlElement {
  return element('cac:TaxTotal', [
    amount('cbc:TaxAmount', vatTotal, currency),
    vat.map((part) => taxSubtotal(part, currency)),
  ]);
}

function taxSubtotal({ category, rate, taxable, vat }: VatSubtotal, currency: string): XmlElement {
  const [code, text] = EXEMPTIONS[category] ?? [null, null];
  return element('cac:TaxSubtotal', [
    amount('cbc:TaxableAmount', taxable, currency),
    amount('cbc:TaxAmount', vat, currency),
    element('cac:TaxCategory', [
      ...categoryAndRate(category, rate),
      optional('cbc:TaxExemptionReasonCode', code),
      optional('cbc:TaxExemptionReason', text),
      taxScheme(),
    ]),
  ]);
}

/** BG-22 */
function monetaryTotal({ net, total, currency }: InvoiceDocument): XmlElement {
  return element('cac:LegalMonetaryTotal', [
    amount('cbc:LineExtensionAmount', net, currency),
    amount('cbc:TaxExclusiveAmount', net, currency),
    amount('cbc:TaxInclusiveAmount', total, currency),
    amount('cbc:PayableAmount', total, currency),
  ]);
}

/** BG-25; C62 is "one", of whatever is sold (UN/ECE recommendation 20). */
function invoiceLine(
  { description, quantity, unitPrice, net, category, rate, period }: InvoiceLine,
  number: number,
  { kind, currency }: InvoiceDocument,
): XmlElement {
  const shape = SHAPES[kind];
  return element(`cac:${shape.root}Line`, [
    element('cbc:ID', String(number)),
    element(`cbc:${shape.quantity}`, String(quantity), { unitCode: 'C62' }),
    amount('cbc:LineExtensionAmount', net, currency),
    period !== null &&
      element('cac:InvoicePeriod', [
        element('cbc:StartDate', period.from),
        element('cbc:EndDate', period.to),
      ]),
    element('cac:Item', [
      element('cbc:Name', description),
      element('cac:ClassifiedTaxCategory', [...categoryAndRate(category, rate), taxScheme()]),
    ]),
    element('cac:Price', [amount('cbc:PriceAmount', unitPrice, currency)]),
  ]);
}

/** What is not subject to VAT has no rate (BR-O-05), which is not the same as a rate of nought. */
function categoryAndRate(category: VatCategory, rate: VatRate): (XmlElement | false)[] {
  return [
    element('cbc:ID', category),
    category !== 'O' && element('cbc:Percent', decimal(BigInt(rate), 2)),
  ];
}

function amount(name: string, minor: bigint, currency: string): XmlElement {
  return element(name, decimal(minor, minorUnits(currency)), { currencyID: currency });
}
