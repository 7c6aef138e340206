import { NextField } from './fields.js';

/** A form that only says where to go afterwards. */
export class NextForm {
  @NextField() next?: string;
}
