import { NameField } from '../core/http/forms/fields.js';

/** `POST /settings/closure/` and `POST /api/v1/tenant/closure` */
export class ClosureForm {
  /** The name of the organisation, typed to confirm; 1–200 characters. */
  @NameField({ max: 200 }) organization: string;
}
