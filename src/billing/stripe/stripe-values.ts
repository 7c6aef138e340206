import { languageOf, type Locale } from '../../core/i18n/locales.js';
import type { Money } from '../money/money.js';

/** An object, or its id where it was not expanded. */
type Reference = string | { id: string } | null | undefined;

export function idOf(reference: Reference): string | null {
  return typeof reference === 'string' ? reference : (reference?.id ?? null);
}

/** The object where it was expanded; null where only its id is there. */
export function expanded<T extends { id: string }>(reference: T | string | null | undefined) {
  return typeof reference === 'object' ? reference : null;
}

/** Stripe counts seconds. */
export function dateOf(seconds: number): Date;
export function dateOf(seconds: number | null | undefined): Date | null;
export function dateOf(seconds: number | null | undefined): Date | null {
  return seconds === null || seconds === undefined ? null : new Date(seconds * 1000);
}

export function secondsOf(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}

/** Amounts of Stripe are whole minor units of a currency in small letters. */
export function moneyOf(amount: number, currency: string): Money {
  return { amount: BigInt(amount), currency: currency.toUpperCase() };
}

/** Pages of Stripe know languages without their country, and European English. */
export function localeOf(locale: Locale): string {
  const language = languageOf(locale);
  return language === 'en' ? 'en-GB' : language;
}
