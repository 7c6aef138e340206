import { ChoiceField, HintField, NextField } from '../../core/http/forms/fields.js';
import { ROLES } from '../members.forms.js';

/** `POST /onboarding/invite/`. */
export class InviteTeamForm {
  /** Addresses, separated by commas, semicolons, spaces or lines. */
  @HintField(/^.{0,60000}$/s) email?: string;
  @ChoiceField(ROLES) role: (typeof ROLES)[number];
  /** So many seats were agreed to, where more are needed than are paid for. */
  @HintField(/^\d{1,6}$/) seats?: string;
  @NextField() next?: string;
}
