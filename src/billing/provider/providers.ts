import { Inject, Injectable } from '@nestjs/common';
import { DomainError } from '../../core/errors/domain-error.js';
import type { PaymentProvider } from './payment-provider.js';

/** What is injected: the adapters of this process, the one that sells first. Empty: nothing is sold here. */
export const PAYMENT_PROVIDERS = Symbol('payment providers');

/** The adapter that is configured (`BILLING_PROVIDER`). */
@Injectable()
export class Providers {
  constructor(@Inject(PAYMENT_PROVIDERS) private readonly all: readonly PaymentProvider[]) {}

  /** @throws DomainError `not_found` where nothing is sold */
  get current(): PaymentProvider {
    const [first] = this.all;
    if (!first) throw new DomainError('not_found', 'errors.not_found');
    return first;
  }

  named(name: string): PaymentProvider | null {
    return this.all.find((provider) => provider.name === name) ?? null;
  }
}
