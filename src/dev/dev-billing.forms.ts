import { CheckboxField, ChoiceField, WholeNumberField } from '../core/http/forms/fields.js';
import { SANDBOX_CARDS, type SandboxCard } from '../billing/sandbox/sandbox-account.js';

/** `POST /dev/billing/checkout/<id>/`: the card to pay with. */
export class SandboxCardForm {
  @ChoiceField(SANDBOX_CARDS) card: SandboxCard;
}

/** `POST /dev/billing/portal/<id>/`: another card, or the confirmation of a payment (3-D Secure). */
export class SandboxPortalForm {
  @ChoiceField([...SANDBOX_CARDS, 'confirm']) card: SandboxCard | 'confirm';
}

/** `POST /dev/billing/`: time travel, and what happens to notifications. */
export class SandboxSettingsForm {
  /** Days to advance the clock by. */
  @WholeNumberField({ min: 0, max: 800 }) days: number = 0;
  /** Milliseconds. */
  @WholeNumberField({ min: 0, max: 600_000 }) delay: number = 0;
  @CheckboxField() duplicate: boolean = false;
  @CheckboxField() reorder: boolean = false;
  @CheckboxField() drop: boolean = false;
  @CheckboxField() bad_signature: boolean = false;
  @CheckboxField() stale: boolean = false;
  @CheckboxField() is_down: boolean = false;
}
