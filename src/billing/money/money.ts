/** An amount of money: never a float, and never without its currency. */
export interface Money {
  /** In minor units (ISO 4217): 12.50 EUR is 1250n. Negative for what is given back. */
  readonly amount: bigint;
  /** ISO 4217, in capitals: `EUR`. */
  readonly currency: string;
}
