import { OptionalTextField } from '../core/http/forms/fields.js';

/** What a form says of the file that it sends. */
export class AttachmentForm {
  /** The field of the row that the file is; blank: any other file. */
  @OptionalTextField({ max: 60 }) field: string | null = null;
}

export class RestoreForm {
  /** The file that has taken its place and is deleted for it; blank: none. */
  @OptionalTextField({ max: 36 }) in_place_of: string | null = null;
}
