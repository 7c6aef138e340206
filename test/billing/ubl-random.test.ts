import fc from 'fast-check';
import { documentOf } from '../../src/billing/invoices/provider-invoice.js';
import { creditNoteContent, invoiceContent } from '../../src/billing/invoices/invoice-content.js';
import type { InvoiceDocument } from '../../src/billing/invoices/invoice-document.js';
import { ublInvoice } from '../../src/billing/invoices/ubl/ubl-invoice.js';
import type { SandboxLine } from '../../src/billing/sandbox/sandbox-account.js';
import { charged, totalsOf, untaxed } from '../../src/billing/sandbox/sandbox-amounts.js';
import type { VatTreatment } from '../../src/billing/tax/vat-rules.js';
import { BUYER, issued, order, SELLER } from './invoice-samples.js';
import { at, readXml, texts, type Read } from './xml-reader.js';

/** The same invoices in every run; `ATRIUM_UBL_SEED` makes others. */
const RUN = { seed: Number(process.env.ATRIUM_UBL_SEED ?? 20261127), numRuns: 300 };

/**
 * What of each complex type of UBL 2.1 (OASIS, 4 November 2013) is used here, in the order of the schema.
 * `CreditNote` has its type code before, and its terms of payment where `Invoice` has them.
 */
const HEAD = 'cbc:CustomizationID cbc:ProfileID cbc:ID cbc:IssueDate cbc:DueDate';
const BODY =
  'cbc:DocumentCurrencyCode cbc:BuyerReference cac:OrderReference cac:BillingReference cac:AccountingSupplierParty cac:AccountingCustomerParty cac:PaymentMeans cac:PaymentTerms cac:TaxTotal cac:LegalMonetaryTotal';
const SCHEMA: Readonly<Record<string, string>> = {
  Invoice: `${HEAD} cbc:InvoiceTypeCode ${BODY} cac:InvoiceLine`,
  CreditNote: `${HEAD} cbc:CreditNoteTypeCode ${BODY} cac:CreditNoteLine`,
  'cac:OrderReference': 'cbc:ID',
  'cac:BillingReference': 'cac:InvoiceDocumentReference',
  'cac:InvoiceDocumentReference': 'cbc:ID cbc:IssueDate',
  'cac:AccountingSupplierParty': 'cac:Party',
  'cac:AccountingCustomerParty': 'cac:Party',
  'cac:Party':
    'cbc:EndpointID cac:PartyName cac:PostalAddress cac:PartyTaxScheme cac:PartyLegalEntity cac:Contact',
  'cac:PartyName': 'cbc:Name',
  'cac:PostalAddress': 'cbc:StreetName cbc:CityName cbc:PostalZone cac:Country',
  'cac:Country': 'cbc:IdentificationCode',
  'cac:PartyTaxScheme': 'cbc:CompanyID cac:TaxScheme',
  'cac:TaxScheme': 'cbc:ID',
  'cac:PartyLegalEntity': 'cbc:RegistrationName cbc:CompanyID',
  'cac:Contact': 'cbc:ElectronicMail',
  'cac:PaymentMeans': 'cbc:PaymentMeansCode cbc:PaymentID cac:PayeeFinancialAccount',
  'cac:PayeeFinancialAccount': 'cbc:ID cbc:Name cac:FinancialInstitutionBranch',
  'cac:FinancialInstitutionBranch': 'cbc:ID',
  'cac:PaymentTerms': 'cbc:Note',
  'cac:TaxTotal': 'cbc:TaxAmount cac:TaxSubtotal',
  'cac:TaxSubtotal': 'cbc:TaxableAmount cbc:TaxAmount cac:TaxCategory',
  'cac:TaxCategory':
    'cbc:ID cbc:Percent cbc:TaxExemptionReasonCode cbc:TaxExemptionReason cac:TaxScheme',
  'cac:ClassifiedTaxCategory': 'cbc:ID cbc:Percent cac:TaxScheme',
  'cac:LegalMonetaryTotal':
    'cbc:LineExtensionAmount cbc:TaxExclusiveAmount cbc:TaxInclusiveAmount cbc:PayableAmount',
  'cac:InvoiceLine':
    'cbc:ID cbc:InvoicedQuantity cbc:LineExtensionAmount cac:InvoicePeriod cac:Item cac:Price',
  'cac:CreditNoteLine':
    'cbc:ID cbc:CreditedQuantity cbc:LineExtensionAmount cac:InvoicePeriod cac:Item cac:Price',
  'cac:InvoicePeriod': 'cbc:StartDate cbc:EndDate',
  'cac:Item': 'cbc:Name cac:ClassifiedTaxCategory',
  'cac:Price': 'cbc:PriceAmount',
};

/** Where the document leaves the schema: an element it does not have there, or one that comes too late. */
function disorder(element: Read): string[] {
  if (element.children.length === 0) return element.text ? [] : [`${element.name} is empty`];
  const places = SCHEMA[element.name]?.split(' ') ?? [];
  let last = 0;
  return element.children.flatMap((child) => {
    const place = places.indexOf(child.name);
    const isWrong = place < last;
    last = Math.max(last, place);
    return [...(isWrong ? [`${child.name} in ${element.name}`] : []), ...disorder(child)];
  });
}

/** Amounts have two decimals: hundredths are whole. */
const cents = (text: string | undefined) => BigInt((text ?? '').replace('.', ''));
const sum = (amounts: string[]) => amounts.reduce((total, one) => total + cents(one), 0n);

/** The rules of EN 16931 that an access point checks, computed anew from what the document says. */
function brokenIn(document: InvoiceDocument): string[] {
  const xml = readXml(ublInvoice(document));
  const line = `cac:${xml.name}Line`;
  const total = (name: string) => cents(texts(xml, `cac:LegalMonetaryTotal/cbc:${name}`)[0]);
  const taxes = at(xml, 'cac:TaxTotal/cac:TaxSubtotal');
  const categories = texts(xml, `${line}/cac:Item/cac:ClassifiedTaxCategory/cbc:ID`);
  const [sellers, buyers] = ['Supplier', 'Customer'].map(
    (who) => at(xml, `cac:Accounting${who}Party/cac:Party/cac:PartyTaxScheme`).length,
  );
  const vatOf = (tax: Read) => cents(texts(tax, 'cbc:TaxAmount')[0]);
  const rateOf = (tax: Read) => cents(texts(tax, 'cac:TaxCategory/cbc:Percent')[0] ?? '0');
  const taxable = (tax: Read) => cents(texts(tax, 'cbc:TaxableAmount')[0]);
  const rules: Record<string, boolean> = {
    'BR-CO-10': sum(texts(xml, `${line}/cbc:LineExtensionAmount`)) === total('LineExtensionAmount'),
    'BR-CO-13': total('LineExtensionAmount') === total('TaxExclusiveAmount'),
    'BR-CO-14':
      sum(taxes.flatMap((tax) => texts(tax, 'cbc:TaxAmount'))) ===
      cents(texts(xml, 'cac:TaxTotal/cbc:TaxAmount')[0]),
    'BR-CO-15':
      total('TaxExclusiveAmount') + cents(texts(xml, 'cac:TaxTotal/cbc:TaxAmount')[0]) ===
      total('TaxInclusiveAmount'),
    'BR-CO-16': total('TaxInclusiveAmount') === total('PayableAmount'),
    // 10,000ths of a cent: rounded to the nearest cent it is within half of one.
    'BR-CO-17': taxes.every((tax) => {
      const off = vatOf(tax) * 10_000n - taxable(tax) * rateOf(tax);
      return off <= 5_000n && off >= -5_000n;
    }),
    'BR-S-08':
      sum(taxes.flatMap((tax) => texts(tax, 'cbc:TaxableAmount'))) === total('LineExtensionAmount'),
    'BR-AE-02': !categories.includes('AE') || (sellers === 1 && buyers === 1),
    'BR-AE-10': taxes.every(
      (tax) =>
        (texts(tax, 'cac:TaxCategory/cbc:ID')[0] === 'S') ===
        (at(tax, 'cac:TaxCategory/cbc:TaxExemptionReasonCode').length === 0),
    ),
    'BR-O-02': !categories.includes('O') || (sellers === 0 && buyers === 0),
    'BR-O-11': new Set(categories.map((one) => one === 'O')).size === 1,
  };
  return [...Object.keys(rules).filter((name) => !rules[name]), ...disorder(xml)];
}

const CUSTOMERS = [
  { country: 'BE', vatNumber: 'BE0428759497', category: 'S' },
  { country: 'BE', vatNumber: null, category: 'S' },
  { country: 'NL', vatNumber: 'NL004495445B01', category: 'AE' },
  { country: 'NL', vatNumber: null, category: 'S' },
  { country: 'NL', vatNumber: 'NL12', category: 'S' },
  { country: 'US', vatNumber: null, category: 'O' },
  { country: 'CH', vatNumber: 'CHE107787577', category: 'O' },
] as const;

const day = fc.integer({ min: 0, max: 20_000 }).map((days) => new Date(days * 86_400_000 + 1));

test('whatever staff sell, the document follows the rules and the order of the schema', () => {
  const line = fc.record({
    description: fc.constantFrom('Seats', 'Team, per seat <and> month & more'),
    quantity: fc.integer({ min: 1, max: 10_000 }),
    unitPrice: fc.bigInt({ min: 0n, max: 1_000_000n }),
    period: fc.constantFrom(null, { from: '2026-11-12', to: '2026-12-11' }),
  });
  const sales = fc.record({
    lines: fc.array(line, { minLength: 1, maxLength: 20 }),
    sold: fc.constantFrom<[VatTreatment, Partial<typeof BUYER>]>(
      [{ category: 'S', rate: 2100, reason: 'domestic' }, {}],
      [{ category: 'S', rate: 550, reason: 'domestic' }, {}],
      [
        { category: 'AE', rate: 0, reason: 'eu_business' },
        { country: 'NL', vatNumber: 'NL004495445B01' },
      ],
      [{ category: 'O', rate: 0, reason: 'outside_eu' }, { country: 'US' }],
    ),
    purchaseOrder: fc.constantFrom(null, 'PO-7'),
    hasAccount: fc.boolean(),
  });
  fc.assert(
    fc.property(sales, ({ lines, sold: [treatment, buyer], purchaseOrder, hasAccount }) => {
      const given = { lines, treatment, purchaseOrder, buyer: { ...BUYER, ...buyer } };
      const document = issued(
        invoiceContent(order({ ...given, ...(hasAccount ? {} : { account: null }) })),
      );
      expect(brokenIn(document)).toEqual([]);
      expect(brokenIn(issued(creditNoteContent(document)))).toEqual([]);
    }),
    RUN,
  );
});

test('whatever the sandbox bills, VAT follows the table, is rounded once, and the document follows the rules', () => {
  const line = fc.record({
    quantity: fc.integer({ min: 1, max: 500 }),
    // What is given back for a change is below nought.
    net: fc.bigInt({ min: -500_000n, max: 5_000_000n }),
  });
  const bills = fc.record({
    customer: fc.constantFrom(...CUSTOMERS),
    lines: fc.array(line, { minLength: 1, maxLength: 12 }),
    at: day.filter((at) => at > new Date('1996-01-02')),
  });
  fc.assert(
    fc.property(bills, ({ customer, lines, at: when }) => {
      const period = { periodStart: when.toISOString(), periodEnd: when.toISOString() };
      const plain: SandboxLine[] = lines.map(({ quantity, net }) =>
        untaxed({ description: 'seats', quantity, net: net.toString(), ...period }),
      );
      const taxed = charged(customer, plain, when);
      const { net, vat } = totalsOf(taxed);
      const isTaxed = customer.category === 'S';
      expect(new Set(taxed.map(({ vatCategory }) => vatCategory))).toEqual(
        new Set([customer.category]),
      );
      const off = vat * 10_000n - (isTaxed ? net * 2_100n : 0n);
      expect(off <= 5_000n && off >= -5_000n).toBe(true);
      const document = documentOf(
        {
          id: '1',
          number: 'SANDBOX-1',
          status: 'paid',
          issuedAt: when,
          dueAt: when,
          paidAt: when,
          currency: 'EUR',
          net: net.toString(),
          vat: vat.toString(),
          total: (net + vat).toString(),
          hostedUrl: null,
          pdfUrl: null,
          lines: taxed.map((one) => ({ ...one, periodStart: when, periodEnd: when })),
        } as unknown as Parameters<typeof documentOf>[0],
        {
          ...{ legalName: BUYER.name, email: BUYER.email, address: BUYER.street },
          ...{ postalCode: BUYER.postalCode, city: BUYER.city, purchaseOrder: null },
          ...{ country: customer.country, vatNumber: customer.vatNumber },
        },
        { party: SELLER, timeZone: 'Europe/Brussels' },
      );
      expect(brokenIn(document!)).toEqual([]);
    }),
    RUN,
  );
});
