import type { BankAccount, InvoiceParty } from './invoice-document.js';

/** The legal entity that sells. */
export interface Seller {
  party: InvoiceParty;
  account: BankAccount;
  /** Of its books: what day an invoice is issued on. */
  timeZone: string;
}

/** The day it is for the seller, ISO 8601. */
export function dayOf({ timeZone }: Pick<Seller, 'timeZone'>, at: Date): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone }).format(at);
}

/** So many days later. @param day ISO 8601 */
export function daysAfter(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}
