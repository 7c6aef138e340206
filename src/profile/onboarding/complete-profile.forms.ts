import { HintField, NextField } from '../../core/http/forms/fields.js';
import { PersonalDetailsDto } from '../profile.dto.js';

/** `POST /profile/complete/`: all of it optional. */
export class CompleteProfileForm extends PersonalDetailsDto {
  @NextField() next?: string;
  /** "Do this later". */
  @HintField(/^.{1,10}$/) skip?: string;
}
