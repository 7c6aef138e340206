import { ChoiceField, HintField, WholeNumberField } from '../core/http/forms/fields.js';
import { ROLLOUT_UNITS, type RolloutUnit } from './flag-rollout.entity.js';

/** `GET /admin/flags/<name>/?q=`: search for an organisation or person to override. */
export class CandidatesFilter {
  @HintField(/^[^\p{Cc}]{1,254}$/u) q?: string;
}

/** `POST /admin/flags/<name>/`: the rollout. */
export class RolloutForm {
  @ChoiceField(['default', ...ROLLOUT_UNITS]) unit: 'default' | RolloutUnit = 'default';
  /** 0–100; used when the rollout is a percentage. */
  @WholeNumberField({ min: 0, max: 100 }) percent: number = 100;
}

/** `POST /admin/flags/<name>/exceptions/`: an override for one organisation or person. */
export class ExceptionForm {
  @ChoiceField(ROLLOUT_UNITS) kind: RolloutUnit;
  @HintField(/^[\w-]{1,100}$/) subject_id?: string;
  /** `default`: removes the override. */
  @ChoiceField(['on', 'off', 'default']) state: 'on' | 'off' | 'default';
}
