import {
  CheckboxField,
  ChoicesField,
  OptionalTextField,
  TextField,
  VersionField,
} from '../../core/http/forms/fields.js';
import { eventTypes } from '../events/event-catalogue.js';
import type { WebhookEndpointDetails } from './webhook-endpoint.entity.js';

/** `POST /settings/webhooks/new/`, and the body of `POST /api/v1/webhook-endpoints`. */
export class WebhookEndpointForm {
  /** https://…, on the public Internet. */
  @TextField({ max: 2_000, example: 'https://example.com/webhooks' }) url: string;
  @ChoicesField(eventTypes, 'member.joined') events: string[] = [];
  @OptionalTextField({ max: 200 }) description: string | null = null;
}

/** `POST /settings/webhooks/<id>/`; `version`: the version the form was filled in from. */
export class ChangeWebhookEndpointForm extends WebhookEndpointForm {
  @VersionField() version: number = 0;
}

/** Body of a PATCH: `is_enabled` switches the endpoint on or off. */
export class WebhookEndpointPatch extends WebhookEndpointForm {
  @CheckboxField() is_enabled: boolean = true;
}

export function detailsOf({
  url,
  events,
  description,
}: WebhookEndpointForm): WebhookEndpointDetails {
  return { url, events, description };
}

/** What a form calls them; checkboxes of one name are joined by spaces. */
export function valuesOf({ url, events, description }: WebhookEndpointDetails) {
  return { url, description, events: events.join(' ') };
}
