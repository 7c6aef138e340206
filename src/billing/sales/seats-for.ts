import { DomainError } from '../../core/errors/domain-error.js';
import type { Price } from '../catalogue/plan.js';

/**
 * As many seats as staff agree on; 1 where the price is for all of the organisation.
 * @throws DomainError `invalid` below the number of members
 */
export function seatsFor({ per }: Price, seats: number, members: number): number {
  if (per === 'organisation') return 1;
  if (seats >= members) return seats;
  throw new DomainError('invalid', 'billing.staff.errors.too_few_seats', {
    field: 'seats',
    args: { members },
  });
}
