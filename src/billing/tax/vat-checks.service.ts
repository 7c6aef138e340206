import { Injectable } from '@nestjs/common';
import { AppConfig } from '../../core/config/config.js';
import { ConfiguredSeller } from '../invoices/seller-config.js';
import { isInEu } from './eu-countries.js';
import { VatChecksRepository } from './vat-checks.repository.js';
import { readVatNumber, type VatNumber } from './vat-number/vat-number.js';
import { askVies, type ViesAnswer } from './vies.js';

/** Days an answer of VIES holds: numbers end when businesses do. */
const DAYS_GOOD = 90;

export interface NumberedCustomer {
  country: string | null;
  vatNumber: string | null;
}

/** Whether a VAT number may be relied on: without `VIES_URL` by its check digits, with it by what VIES said. */
@Injectable()
export class VatChecks {
  constructor(
    private readonly config: AppConfig,
    private readonly checks: VatChecksRepository,
    private readonly seller: ConfiguredSeller,
  ) {}

  /**
   * Asks VIES where it is configured and what it said before is none or old; outside of any unit of work, for
   * at most a few seconds. @param within runs work in a unit of work of the organisation, as the role billing
   */
  async ask(
    customer: NumberedCustomer,
    within: <T>(work: () => Promise<T>) => Promise<T>,
  ): Promise<void> {
    const { VIES_URL: url } = this.config;
    const number = this.numberThatMatters(customer);
    if (!url || !number) return;
    const last = await within(() => this.checks.last(number.text));
    if (last && Date.now() - +last.askedAt < DAYS_GOOD * 86_400_000) return;
    const answer = await this.answerOf(url, number);
    await within(() => this.checks.add(number.text, answer));
  }

  /** The number, where it may be relied on; within a unit of work. */
  async reliable(customer: NumberedCustomer): Promise<VatNumber | null> {
    const number = this.numberThatMatters(customer);
    if (!number || !this.config.VIES_URL) return number;
    const last = await this.checks.last(number.text);
    return last?.result === 'valid' ? number : null;
  }

  private async answerOf(url: string, number: VatNumber): Promise<ViesAnswer> {
    const { vatNumber, country } = this.seller.value.party;
    const requester = vatNumber ? readVatNumber(vatNumber, country) : null;
    if (!requester) throw new Error('The seller has no VAT number');
    return askVies(number, { url, requester });
  }

  /** Only in another country of the Union does a number decide about VAT. */
  private numberThatMatters({ country, vatNumber }: NumberedCustomer): VatNumber | null {
    if (!country || !vatNumber || country === this.seller.value.party.country) return null;
    const today = new Date().toISOString().slice(0, 10);
    return isInEu(country, today) ? readVatNumber(vatNumber, country) : null;
  }
}
