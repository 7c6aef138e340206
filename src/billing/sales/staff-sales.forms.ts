import {
  ChoiceField,
  HintField,
  OptionalDateField,
  OptionalTextField,
  TextField,
  WholeNumberField,
} from '../../core/http/forms/fields.js';
import { LOCALES } from '../../core/i18n/locales.js';
import {
  BILLING_INTERVALS,
  PLAN_KEYS,
  type BillingInterval,
  type PlanKey,
} from '../catalogue/plan.js';
import { BillingDetailsForm } from '../pages/billing.forms.js';

/** Plans that are paid for. */
export const SOLD_PLANS = PLAN_KEYS.filter((key) => key !== 'free');

const MOST_SEATS = 100_000;

/** `POST /admin/subscriptions/<id>/change/`, and the query of the price. */
export class StaffChangeForm {
  @ChoiceField(SOLD_PLANS) plan: PlanKey;
  @ChoiceField(BILLING_INTERVALS) interval: BillingInterval;
  @WholeNumberField({ min: 1, max: MOST_SEATS }) seats: number;
}

/** `POST /admin/tenants/<id>/sell/`: what is sold, and who the invoice is made out to. */
export class SellForm extends BillingDetailsForm {
  @ChoiceField(SOLD_PLANS) plan: PlanKey;
  @ChoiceField(BILLING_INTERVALS) interval: BillingInterval;
  @WholeNumberField({ min: 1, max: MOST_SEATS }) seats: number;
  /** The first day that is paid; none: today. */
  @OptionalDateField() start: string | null = null;
  @WholeNumberField({ min: 0, max: 365 }) payment_days: number;
  @ChoiceField(LOCALES) language: (typeof LOCALES)[number];
}

/** `POST /admin/subscriptions/<id>/extend_trial/` */
export class TrialForm {
  @WholeNumberField({ min: 1, max: 365 }) days: number;
  /** In the audit trail, which the organisation reads. */
  @TextField({ min: 3, max: 200 }) reason: string;
  /** The end of the trial that the form was filled in from. */
  @HintField(/^[\dT:.Z-]{20,30}$/) trial_ends?: string;
}

/** `POST /admin/invoices/<id>/paid/` */
export class PaidForm {
  @OptionalDateField() paid_on: string | null = null;
  /** Such as the number of the bank statement. */
  @OptionalTextField({ max: 200 }) reference: string | null = null;
}
