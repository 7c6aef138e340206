/** What follows where more of something count than are paid for. */
export interface AddedCost {
  /** How many are paid for now. */
  paid: number;
  /** How many there will be; more than `paid`. */
  needed: number;
  /** Null for whoever is not to see prices: staff who act on behalf of somebody. */
  price: AddedPrice | null;
}

/** Amounts without VAT, written for whoever reads them. */
export interface AddedPrice {
  /** For the rest of the running period; null while the payment provider does not tell it. */
  now: string | null;
  /** VAT on `now`; null where there is none, or it is not known before the invoice. */
  vat: string | null;
  interval: 'month' | 'year';
  /** Of a whole period until now. */
  before: string;
  /** Of a whole period from `nextAt` on. */
  next: string;
  nextAt: Date;
  /** Nothing is paid before `nextAt`. */
  isTrial: boolean;
}
