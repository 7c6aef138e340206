import { OptionalTextField } from '../core/http/forms/fields.js';

/** What a form says of the file that it sends. */
export class AttachmentForm {
  /** The field of the row that the file is; blank: any other file. */
  @OptionalTextField({ max: 60 }) field: string | null = null;
}
