import {
  ChoiceField,
  EmailField,
  HintField,
  OptionalTextField,
  TextField,
  VersionField,
  WholeNumberField,
} from '../../core/http/forms/fields.js';
import {
  BILLING_INTERVALS,
  PLAN_KEYS,
  type BillingInterval,
  type PlanKey,
} from '../catalogue/plan.js';
import type { BillingDetails } from '../sync/billing-details.repository.js';

/** More than any organisation of people has. */
const MOST_SEATS = 100_000;

/** `POST /settings/billing/checkout/` and `/settings/billing/plan/`: a plan, and how often it is paid. */
export class PlanForm {
  @ChoiceField(PLAN_KEYS) plan: PlanKey;
  @ChoiceField(BILLING_INTERVALS) interval: BillingInterval;
}

/** Query of the plans: paid by the month or by the year. */
export class IntervalQuery {
  @HintField(new RegExp(`^(${BILLING_INTERVALS.join('|')})$`)) interval?: BillingInterval;
}

/** `POST /settings/billing/seats/` */
export class SeatsForm {
  @WholeNumberField({ min: 1, max: MOST_SEATS }) seats: number;
}

/** Query of `GET /settings/billing/seats/`: how many to show the price of. */
export class SeatsQuery {
  @HintField(/^\s*\d{1,6}\s*$/) seats?: string;
}

/** `POST /settings/billing/details/` */
export class BillingDetailsForm {
  @TextField({ max: 200 }) legal_name: string;
  @EmailField() email: string;
  @TextField({ max: 200 }) address: string;
  @TextField({ max: 20 }) postal_code: string;
  @TextField({ max: 100 }) city: string;
  /** ISO 3166-1 alpha-2. */
  @TextField({ min: 2, max: 2 }) country: string;
  @OptionalTextField({ max: 30 }) vat_number: string | null = null;
  @OptionalTextField({ max: 100 }) purchase_order: string | null = null;
  @VersionField() version: number = 0;
}

export function detailsOf(form: BillingDetailsForm): BillingDetails {
  const { email, address, city, country } = form;
  return {
    ...{ email, address, city, country },
    legalName: form.legal_name,
    postalCode: form.postal_code,
    vatNumber: form.vat_number,
    purchaseOrder: form.purchase_order,
  };
}

/** The fields of the form, filled in. */
export function valuesOf(details: BillingDetails & { version: number }) {
  const { email, address, city, country, version } = details;
  return {
    ...{ email, address, city, country },
    legal_name: details.legalName,
    postal_code: details.postalCode,
    vat_number: details.vatNumber,
    purchase_order: details.purchaseOrder,
    version: String(version),
  };
}
