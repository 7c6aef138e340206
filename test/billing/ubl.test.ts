import fc from 'fast-check';
import { brokenRules } from '../../src/billing/invoices/en16931-rules.js';
import { creditNoteContent, invoiceContent } from '../../src/billing/invoices/invoice-content.js';
import type { InvoiceContent } from '../../src/billing/invoices/invoice-document.js';
import { ublInvoice } from '../../src/billing/invoices/ubl/ubl-invoice.js';
import type { VatTreatment } from '../../src/billing/tax/vat-rules.js';
import { BUYER, issued, order, SELLER } from './invoice-samples.js';
import { at, readXml, texts } from './xml-reader.js';

const REVERSE: VatTreatment = { category: 'AE', rate: 0, reason: 'eu_business' };
const OUTSIDE: VatTreatment = { category: 'O', rate: 0, reason: 'outside_eu' };
const DUTCH = { ...BUYER, country: 'NL', vatNumber: 'NL004495445B01', registration: null };
const SWISS = { ...BUYER, country: 'CH', vatNumber: 'CHE107787577', registration: null };

const read = (content: InvoiceContent) => readXml(ublInvoice(issued(content)));

test('an invoice says every term that EN 16931 and Peppol require', () => {
  const invoice = read(invoiceContent(order()));
  expect(invoice.name).toBe('Invoice');
  const terms: Record<string, string> = {
    'cbc:CustomizationID':
      'urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0', // BT-24
    'cbc:ProfileID': 'urn:fdc:peppol.eu:2017:poacc:billing:01:1.0', // BT-23
    'cbc:ID': '2026-00042', // BT-1
    'cbc:IssueDate': '2026-11-12', // BT-2
    'cbc:DueDate': '2026-12-12', // BT-9
    'cbc:InvoiceTypeCode': '380', // BT-3
    'cbc:DocumentCurrencyCode': 'EUR', // BT-5
    'cbc:BuyerReference': 'C-0001', // BT-10
    'cac:OrderReference/cbc:ID': 'PO-7', // BT-13
    'cac:AccountingSupplierParty/cac:Party/cbc:EndpointID': '0403170701', // BT-34
    'cac:AccountingSupplierParty/cac:Party/cac:PartyLegalEntity/cbc:RegistrationName': SELLER.name, // BT-27
    'cac:AccountingSupplierParty/cac:Party/cac:PartyTaxScheme/cbc:CompanyID': 'BE0403170701', // BT-31
    'cac:AccountingSupplierParty/cac:Party/cac:PostalAddress/cac:Country/cbc:IdentificationCode':
      'BE', // BT-40
    'cac:AccountingCustomerParty/cac:Party/cac:PartyLegalEntity/cbc:RegistrationName': BUYER.name, // BT-44
    'cac:AccountingCustomerParty/cac:Party/cac:PostalAddress/cbc:StreetName': BUYER.street, // BT-50
    'cac:PaymentMeans/cbc:PaymentMeansCode': '58', // BT-81
    'cac:PaymentMeans/cbc:PaymentID': '+++090/9337/55493+++', // BT-83
    'cac:PaymentMeans/cac:PayeeFinancialAccount/cbc:ID': 'BE68539007547034', // BT-84
    'cac:TaxTotal/cbc:TaxAmount': '17.64', // BT-110
    'cac:TaxTotal/cac:TaxSubtotal/cbc:TaxableAmount': '84.00', // BT-116
    'cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory/cbc:ID': 'S', // BT-118
    'cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory/cbc:Percent': '21.00', // BT-119
    'cac:LegalMonetaryTotal/cbc:LineExtensionAmount': '84.00', // BT-106
    'cac:LegalMonetaryTotal/cbc:TaxExclusiveAmount': '84.00', // BT-109
    'cac:LegalMonetaryTotal/cbc:TaxInclusiveAmount': '101.64', // BT-112
    'cac:LegalMonetaryTotal/cbc:PayableAmount': '101.64', // BT-115
    'cac:InvoiceLine/cbc:ID': '1', // BT-126
    'cac:InvoiceLine/cbc:InvoicedQuantity': '7', // BT-129
    'cac:InvoiceLine/cbc:LineExtensionAmount': '84.00', // BT-131
    'cac:InvoiceLine/cac:InvoicePeriod/cbc:EndDate': '2026-12-11', // BT-135
    'cac:InvoiceLine/cac:Item/cbc:Name': 'Team, per seat and month', // BT-153
    'cac:InvoiceLine/cac:Price/cbc:PriceAmount': '12.00', // BT-146
  };
  expect(
    Object.fromEntries(Object.keys(terms).map((path) => [path, texts(invoice, path).join('|')])),
  ).toEqual(terms);
  const [endpoint] = at(invoice, 'cac:AccountingCustomerParty/cac:Party/cbc:EndpointID');
  expect(endpoint!.attributes).toEqual({ schemeID: '0208' });
});

test('elements come in the order of the schema, and none is empty', () => {
  const invoice = read(invoiceContent(order()));
  const names = [...new Set(invoice.children.map(({ name }) => name))];
  expect(names).toEqual([
    'cbc:CustomizationID',
    'cbc:ProfileID',
    'cbc:ID',
    'cbc:IssueDate',
    'cbc:DueDate',
    'cbc:InvoiceTypeCode',
    'cbc:DocumentCurrencyCode',
    'cbc:BuyerReference',
    'cac:OrderReference',
    'cac:AccountingSupplierParty',
    'cac:AccountingCustomerParty',
    'cac:PaymentMeans',
    'cac:TaxTotal',
    'cac:LegalMonetaryTotal',
    'cac:InvoiceLine',
  ]);
  expect(ublInvoice(issued())).not.toMatch(/<([\w:]+)[^>]*><\/\1>|\/>/);
});

test('reverse charge names both VAT numbers, and why there is no VAT', () => {
  const content = invoiceContent(order({ buyer: DUTCH, treatment: REVERSE }));
  expect(brokenRules(content)).toEqual([]);
  const invoice = read(content);
  const category = 'cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory';
  expect(texts(invoice, `${category}/cbc:ID`)).toEqual(['AE']);
  expect(texts(invoice, `${category}/cbc:Percent`)).toEqual(['0.00']);
  expect(texts(invoice, `${category}/cbc:TaxExemptionReasonCode`)).toEqual(['VATEX-EU-AE']);
  expect(texts(invoice, `${category}/cbc:TaxExemptionReason`)[0]).toContain('Reverse charge');
  const party = 'cac:AccountingCustomerParty/cac:Party';
  expect(texts(invoice, `${party}/cac:PartyTaxScheme/cbc:CompanyID`)).toEqual(['NL004495445B01']);
  expect(at(invoice, `${party}/cbc:EndpointID`)[0]!.attributes).toEqual({ schemeID: '9944' });
});

test('what is not subject to VAT names no rate and no VAT number (BR-O-02, BR-O-05)', () => {
  const content = invoiceContent(order({ buyer: SWISS, treatment: OUTSIDE }));
  expect(brokenRules(content)).toEqual([]);
  const xml = ublInvoice(issued(content));
  expect(xml).not.toContain('cac:PartyTaxScheme');
  expect(xml).not.toContain('cbc:Percent');
  const invoice = readXml(xml);
  const category = 'cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory';
  expect(texts(invoice, `${category}/cbc:TaxExemptionReasonCode`)).toEqual(['VATEX-EU-O']);
});

test('a credit note is a document of its own, and names what it corrects', () => {
  const content = creditNoteContent(issued());
  expect(brokenRules(content)).toEqual([]);
  const note = read(content);
  expect(note.name).toBe('CreditNote');
  expect(note.attributes['xmlns']).toBe(
    'urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2',
  );
  expect(texts(note, 'cbc:CreditNoteTypeCode')).toEqual(['381']);
  expect(texts(note, 'cac:CreditNoteLine/cbc:CreditedQuantity')).toEqual(['7']);
  const reference = 'cac:BillingReference/cac:InvoiceDocumentReference';
  expect(texts(note, `${reference}/cbc:ID`)).toEqual(['2026-00042']);
  expect(texts(note, 'cac:LegalMonetaryTotal/cbc:PayableAmount')).toEqual(['101.64']);
  expect(at(note, 'cbc:DueDate')).toEqual([]);
  expect(texts(note, 'cac:PaymentTerms/cbc:Note')).toHaveLength(1); // BR-CO-25
});

test('whatever people call themselves, the document stays XML', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 1 }), (name) => {
      const invoice = read(invoiceContent(order({ buyer: { ...BUYER, name: `B${name}` } })));
      expect(
        texts(invoice, 'cac:AccountingCustomerParty/cac:Party/cac:PartyName/cbc:Name'),
      ).toHaveLength(1);
    }),
  );
});

test('whatever is sold, the totals follow every arithmetic rule', () => {
  const line = fc.record({
    description: fc.constant('Seats'),
    quantity: fc.integer({ min: 1, max: 100_000 }),
    unitPrice: fc.bigInt({ min: 0n, max: 1_000_000_000n }),
    period: fc.constant(null),
  });
  const treatment = fc.constantFrom<VatTreatment>(
    { category: 'S', rate: 2100, reason: 'domestic' },
    { category: 'S', rate: 550, reason: 'domestic' },
    REVERSE,
  );
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 20 }), treatment, (lines, vat) => {
      const content = invoiceContent(order({ lines, treatment: vat, buyer: DUTCH }));
      expect(brokenRules(content)).toEqual([]);
      expect(brokenRules(creditNoteContent(issued(content)))).toEqual([]);
    }),
  );
});

const right = invoiceContent(order());
const [line] = right.lines;
const [part] = right.vat;

test.each<[string, Partial<InvoiceContent>]>([
  ['BR-05', { currency: 'eur' }],
  ['BR-07', { buyer: { ...BUYER, name: ' ' } }],
  ['BR-11', { buyer: { ...BUYER, country: 'Belgium' } }],
  ['BR-16', { lines: [] }],
  ['BR-22', { lines: [{ ...line!, quantity: 0 }] }],
  ['BR-25', { lines: [{ ...line!, description: '' }] }],
  ['BR-27', { lines: [{ ...line!, unitPrice: -1n }] }],
  ['BR-30', { lines: [{ ...line!, period: { from: '2026-12-01', to: '2026-11-01' } }] }],
  ['BR-55', { kind: 'credit_note' }],
  ['BR-CO-10', { net: 8401n }],
  ['BR-CO-14', { vatTotal: 1765n }],
  ['BR-CO-15', { total: 10_165n }],
  ['BR-CO-17', { vat: [{ ...part!, vat: 1763n }] }],
  ['BR-CO-18', { vat: [] }],
  ['BR-CO-26', { seller: { ...SELLER, vatNumber: null, registration: null } }],
  ['BR-S-08', { vat: [{ ...part!, taxable: 8399n }] }],
  ['BR-S-02', { seller: { ...SELLER, vatNumber: null } }],
  [
    'BR-AE-02',
    { lines: [{ ...line!, category: 'AE', rate: 0 }], buyer: { ...BUYER, vatNumber: null } },
  ],
  ['BR-O-05', { lines: [{ ...line!, category: 'O' }] }],
  ['BR-O-11', { lines: [line!, { ...line!, category: 'O', rate: 0 }] }],
  ['PEPPOL-EN16931-R003', { purchaseOrder: null, customerReference: '' }],
  ['PEPPOL-EN16931-R010', { buyer: { ...BUYER, email: '' } }],
  ['PEPPOL-EN16931-R120', { lines: [{ ...line!, unitPrice: 1201n }] }],
])('an invoice that breaks %s is found', (rule, change) => {
  expect(brokenRules(right)).toEqual([]);
  expect(brokenRules({ ...right, ...change })).toContain(rule);
});
