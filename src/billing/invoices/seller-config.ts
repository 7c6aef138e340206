import { Injectable } from '@nestjs/common';
import { AppConfig, ConfigError } from '../../core/config/config.js';
import { isMod97 } from '../tax/vat-number/check-digits.js';
import { readVatNumber } from '../tax/vat-number/vat-number.js';
import { hasVatRate } from '../tax/vat-rules.js';
import type { Seller } from './seller.js';

/** The seller, once somebody asks for it: who sells through Stripe only needs none here. */
@Injectable()
export class ConfiguredSeller {
  private made?: Seller;

  constructor(private readonly config: AppConfig) {}

  /** @throws ConfigError */
  get value(): Seller {
    return (this.made ??= sellerOf(this.config));
  }
}

/** The seller as it is configured (`BILLING_SELLER_*`). @throws ConfigError which names all that is wrong */
export function sellerOf(config: AppConfig): Seller {
  const country = config.BILLING_SELLER_COUNTRY;
  const vatNumber = readVatNumber(config.BILLING_SELLER_VAT_NUMBER ?? '', country);
  const iban = (config.BILLING_SELLER_IBAN ?? '').replace(/\s/g, '');
  const problems = [
    ...REQUIRED.filter((name) => !config[name]).map((name) => `  ${name}: is required`),
    ...(hasVatRate(country)
      ? []
      : [`  BILLING_SELLER_COUNTRY: no VAT rate is known for ${country} (src/billing/tax)`]),
    ...(config.BILLING_SELLER_VAT_NUMBER && !vatNumber
      ? [`  BILLING_SELLER_VAT_NUMBER: is not a VAT number of ${country}`]
      : []),
    ...(iban && !isIban(iban) ? ['  BILLING_SELLER_IBAN: is not an IBAN'] : []),
  ];
  if (problems.length > 0 || !vatNumber) {
    throw new ConfigError(`Invoices cannot be issued:\n${problems.join('\n')}`);
  }
  return {
    party: {
      name: config.BILLING_SELLER_NAME ?? '',
      street: config.BILLING_SELLER_STREET ?? '',
      postalCode: config.BILLING_SELLER_POSTAL_CODE ?? '',
      city: config.BILLING_SELLER_CITY ?? '',
      country,
      vatNumber: vatNumber.text,
      registration: country === 'BE' ? vatNumber.text.slice(vatNumber.prefix.length) : null,
      email: config.BILLING_SELLER_EMAIL ?? '',
    },
    account: {
      iban,
      bic: config.BILLING_SELLER_BIC ?? null,
      holder: config.BILLING_SELLER_NAME ?? '',
    },
    timeZone: config.BILLING_SELLER_TIME_ZONE,
  };
}

const REQUIRED = [
  'BILLING_SELLER_NAME',
  'BILLING_SELLER_STREET',
  'BILLING_SELLER_POSTAL_CODE',
  'BILLING_SELLER_CITY',
  'BILLING_SELLER_VAT_NUMBER',
  'BILLING_SELLER_EMAIL',
  'BILLING_SELLER_IBAN',
] as const;

/** ISO 13616: the country and its check digits go to the end. */
function isIban(iban: string): boolean {
  return (
    /^[A-Z]{2}\d{2}[A-Z\d]{11,30}$/.test(iban) && isMod97(`${iban.slice(4)}${iban.slice(0, 4)}`)
  );
}
