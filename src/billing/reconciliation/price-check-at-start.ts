import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { AppConfig } from '../../core/config/config.js';
import { PricesDiffer } from '../catalogue/price-check.js';
import { ProviderUnavailable } from '../provider/provider-errors.js';
import { Reconciliation } from './reconciliation.service.js';

/**
 * A process that serves production does not start where the provider asks for other prices than the catalogue
 * shows. A provider that does not answer keeps nothing from starting.
 */
@Injectable()
export class PriceCheckAtStart implements OnApplicationBootstrap {
  private readonly log = new Logger('Billing');

  constructor(
    private readonly config: AppConfig,
    private readonly http: HttpAdapterHost,
    private readonly reconciliation: Reconciliation,
  ) {}

  /** @throws PricesDiffer */
  async onApplicationBootstrap(): Promise<void> {
    const { isProduction, BILLING_PROVIDER } = this.config;
    // Commands have no server: `billing-check` says it in its own words, and the others are not about prices.
    if (!isProduction || BILLING_PROVIDER === 'off' || !this.http.httpAdapter) return;
    try {
      const differences = await this.reconciliation.prices();
      if (differences.length > 0) throw new PricesDiffer(differences);
    } catch (error) {
      if (!(error instanceof ProviderUnavailable)) throw error;
      this.log.warn(`The prices of the provider could not be compared: ${error.message}`);
    }
  }
}
