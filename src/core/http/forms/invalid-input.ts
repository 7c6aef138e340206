import { DomainError } from '../../errors/domain-error.js';
import type { FormProblem } from './form.js';

/** More are not listed: an input of nothing but mistakes gets a short answer all the same. */
export const MAX_PROBLEMS = 50;

/** A body or a query with values that cannot be accepted, each with its reason (422). */
export class InvalidInput extends DomainError {
  constructor(readonly problems: FormProblem[]) {
    super('invalid', 'errors.invalid_input');
  }
}
