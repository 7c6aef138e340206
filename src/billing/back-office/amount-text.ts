import type { Row } from '../../core/back-office/row.js';
import { currentContext } from '../../core/context/request-context.js';
import { moneyText } from '../money/format-money.js';

/** An amount in minor units, in the currency of its row and the language of whoever looks. */
export function amountText(value: unknown, { currency }: Row): string {
  const money = { amount: BigInt(String(value)), currency: String(currency) };
  return moneyText(money, currentContext().locale);
}
