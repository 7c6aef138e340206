import { CheckboxField, TextField } from '../../core/http/forms/fields.js';
import { DomainError } from '../../core/errors/domain-error.js';

/** `POST /settings/webhooks/<id>/redeliver/`, and the body of `POST /api/v1/webhook-endpoints/<id>/redeliver`. */
export class RedeliverForm {
  /** ISO 8601, UTC where it names no offset: `2027-01-31T08:00`. */
  @TextField({ max: 40, example: '2027-01-31T08:00:00Z' }) since: string;
  /** Also what has arrived. */
  @CheckboxField() all: boolean = false;
}

const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)?$/;

/** @throws DomainError `invalid` */
export function sinceOf({ since }: RedeliverForm): Date {
  const [, , , offset] = MOMENT.exec(since) ?? [];
  const at = MOMENT.test(since) ? Date.parse(offset ? since : `${since}Z`) : NaN;
  if (Number.isNaN(at)) {
    throw new DomainError('invalid', 'webhooks.errors.since', { field: 'since' });
  }
  return new Date(at);
}
