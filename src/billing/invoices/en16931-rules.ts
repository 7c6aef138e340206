import { vatOn } from '../tax/vat-amount.js';
import type { InvoiceContent, InvoiceParty } from './invoice-document.js';

/**
 * The rules of EN 16931-1 (BR-…) and Peppol BIS Billing 3.0 (PEPPOL-…) that an invoice of ours can break, by
 * their names there. The Schematron of Peppol has some 200; the others hold by the shape of `InvoiceContent`
 * and of the XML.
 */
export function brokenRules(invoice: InvoiceContent): string[] {
  return Object.entries(RULES)
    .filter(([, holds]) => !holds(invoice))
    .map(([name]) => name);
}

const RULES: Readonly<Record<string, (invoice: InvoiceContent) => boolean>> = {
  'BR-05': ({ currency }) => /^[A-Z]{3}$/.test(currency),
  'BR-06': ({ seller }) => isSaid(seller.name),
  'BR-07': ({ buyer }) => isSaid(buyer.name),
  'BR-09': ({ seller }) => isCountry(seller),
  'BR-11': ({ buyer }) => isCountry(buyer),
  'BR-16': ({ lines }) => lines.length > 0,
  'BR-22': ({ lines }) =>
    lines.every(({ quantity }) => Number.isSafeInteger(quantity) && quantity > 0),
  'BR-25': ({ lines }) => lines.every(({ description }) => isSaid(description)),
  'BR-27': ({ lines }) => lines.every(({ unitPrice }) => unitPrice >= 0n),
  'BR-30': ({ lines }) => lines.every(({ period }) => !period || period.from <= period.to),
  'BR-55': ({ kind, corrects }) => (kind === 'credit_note') === (corrects !== null),
  'BR-CO-10': ({ lines, net }) => sum(lines.map((line) => line.net)) === net,
  'BR-CO-14': ({ vat, vatTotal }) => sum(vat.map((part) => part.vat)) === vatTotal,
  'BR-CO-15': ({ net, vatTotal, total }) => net + vatTotal === total,
  'BR-CO-17': ({ vat }) => vat.every((part) => vatOn(part.taxable, part.rate) === part.vat),
  'BR-CO-18': ({ vat }) => vat.length > 0,
  'BR-CO-26': ({ seller }) => isSaid(seller.vatNumber) || isSaid(seller.registration),
  // One line of the breakdown for each category and rate, with what the lines of it add up to.
  'BR-S-08': (invoice) => breakdownMatches(invoice, 'S'),
  'BR-AE-08': (invoice) => breakdownMatches(invoice, 'AE'),
  'BR-O-08': (invoice) => breakdownMatches(invoice, 'O'),
  'BR-S-02': (invoice) => !has(invoice, 'S') || isSaid(invoice.seller.vatNumber),
  'BR-S-05': ({ lines }) => lines.every((line) => line.category !== 'S' || line.rate > 0),
  'BR-AE-02': (invoice) =>
    !has(invoice, 'AE') || (isSaid(invoice.seller.vatNumber) && isSaid(invoice.buyer.vatNumber)),
  'BR-AE-05': ({ lines }) => lines.every((line) => line.category !== 'AE' || line.rate === 0),
  'BR-O-05': ({ lines }) => lines.every((line) => line.category !== 'O' || line.rate === 0),
  'BR-O-11': ({ lines }) => new Set(lines.map((line) => line.category === 'O')).size <= 1,
  'PEPPOL-EN16931-R003': ({ purchaseOrder, customerReference }) =>
    isSaid(purchaseOrder) || isSaid(customerReference),
  'PEPPOL-EN16931-R010': ({ buyer }) => isSaid(buyer.email),
  'PEPPOL-EN16931-R020': ({ seller }) => isSaid(seller.email),
  'PEPPOL-EN16931-R120': ({ lines }) =>
    lines.every((line) => BigInt(line.quantity) * line.unitPrice === line.net),
};

function has({ lines }: InvoiceContent, category: string): boolean {
  return lines.some((line) => line.category === category);
}

function breakdownMatches({ lines, vat }: InvoiceContent, category: string): boolean {
  const parts = vat.filter((part) => part.category === category);
  const rates = new Set(lines.filter((line) => line.category === category).map(({ rate }) => rate));
  return (
    parts.length === rates.size &&
    parts.every(({ rate, taxable }) => {
      const own = lines.filter((line) => line.category === category && line.rate === rate);
      return own.length > 0 && sum(own.map(({ net }) => net)) === taxable;
    })
  );
}

function isCountry({ country }: InvoiceParty): boolean {
  return /^[A-Z]{2}$/.test(country);
}

function isSaid(text: string | null): boolean {
  return Boolean(text?.trim());
}

function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((total, amount) => total + amount, 0n);
}
