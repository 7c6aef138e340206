import { DomainError } from '../../errors/domain-error.js';
import { UUID } from '../../utils/uuid.js';

export function isId(text: string): boolean {
  return UUID.test(text);
}

/** Validates an id of the URL. @throws DomainError `not_found` for anything that is not a UUID */
export function idParam(text: string | undefined): string {
  if (text === undefined || !isId(text)) throw new DomainError('not_found', 'errors.not_found');
  return text;
}
