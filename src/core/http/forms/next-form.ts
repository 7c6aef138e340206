import { NextField } from './fields.js';

/** A form with only a `next` field. */
export class NextForm {
  @NextField() next?: string;
}
