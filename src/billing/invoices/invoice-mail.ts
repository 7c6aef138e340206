import type { Locale } from '../../core/i18n/locales.js';
import { formatDate } from '../../core/views/intl.js';
import { moneyText } from '../money/format-money.js';
import { ibanText, type InvoiceDocument } from './invoice-document.js';

/** What the mail of an invoice says: how much, until when, and how to pay it. */
export interface InvoiceMail {
  url: string;
  number: string;
  total: string;
  due: string;
  iban: string;
  holder: string;
  communication: string;
}

/** What the mail of a credit note says: how much, and which invoice it takes back. */
export interface CreditNoteMail {
  url: string;
  number: string;
  total: string;
  corrects: string;
}

/** @param url of its page */
export function creditNoteMail(note: InvoiceDocument, url: string, locale: Locale): CreditNoteMail {
  const { number, total: amount, currency, corrects } = note;
  const total = moneyText({ amount, currency }, locale);
  return { url, number, total, corrects: corrects?.number ?? '' };
}

/** @param url of its page */
export function invoiceMail(invoice: InvoiceDocument, url: string, locale: Locale): InvoiceMail {
  const { number, total: amount, currency, dueOn, account, communication } = invoice;
  return {
    url,
    number,
    total: moneyText({ amount, currency }, locale),
    due: formatDate(dueOn, locale, 'UTC', 'long'),
    iban: account ? ibanText(account) : '',
    holder: account?.holder ?? '',
    communication,
  };
}
