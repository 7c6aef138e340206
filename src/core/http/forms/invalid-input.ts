import { DomainError } from '../../errors/domain-error.js';
import type { FormProblem } from './form.js';

/** Maximum number of reported errors, which bounds the size of the answer. */
export const MAX_PROBLEMS = 50;

/** A body or a query with values that cannot be accepted, each with its reason (422). */
export class InvalidInput extends DomainError {
  constructor(readonly problems: FormProblem[]) {
    super('invalid', 'errors.invalid_input');
  }
}
