import { HintField, NextField, TextField } from '../core/http/forms/fields.js';

/** `POST /profile/second-factor/authenticator/`. */
export class SetUpForm {
  /** Six digits that the app shows; spaces are ignored. */
  @TextField({ max: 20 }) code: string;
  /** The encrypted seed, from the page. */
  @HintField(/^[\w-]{1,1000}$/) set_up?: string;
  @NextField() next?: string;
}
