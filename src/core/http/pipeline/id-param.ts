import { DomainError } from '../../errors/domain-error.js';
import { UUID } from '../../utils/uuid.js';

export function isId(text: string): boolean {
  return UUID.test(text);
}

/** An id from an address. What cannot be one belongs to nothing: @throws DomainError `not_found` */
export function idParam(text: string | undefined): string {
  if (text === undefined || !isId(text)) throw new DomainError('not_found', 'errors.not_found');
  return text;
}
