import { DomainError } from '../../core/errors/domain-error.js';
import { ProviderRefused, ProviderUnavailable } from '../provider/provider-errors.js';
import { UnknownCustomer } from '../sync/customer-sync.service.js';

/**
 * What a provider refuses, or does not answer to, is no failure of ours: people are told, and nothing of what
 * holds for the organisation changes. @throws DomainError `conflict`
 */
export async function fromProvider<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ProviderUnavailable) {
      throw new DomainError('conflict', 'billing.errors.provider_unavailable');
    }
    if (error instanceof ProviderRefused) {
      throw new DomainError('conflict', REFUSED[error.reason]);
    }
    if (error instanceof UnknownCustomer) {
      throw new DomainError('conflict', 'billing.errors.not_possible');
    }
    throw error;
  }
}

const REFUSED = {
  declined: 'billing.errors.declined',
  not_found: 'billing.errors.not_possible',
  not_possible: 'billing.errors.not_possible',
} as const;
