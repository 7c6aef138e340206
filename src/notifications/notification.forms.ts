import { CheckboxField, HintField } from '../core/http/forms/fields.js';

/** Query of `GET /notifications/`; invalid values are ignored. */
export class NotificationsFilter {
  @HintField(/^unread$/) show?: string;
  /** A cursor from a previous response. */
  @HintField(/^.{1,2000}$/s) page?: string;
}

/** Body of a PATCH. */
export class NotificationPatch {
  @CheckboxField() is_read: boolean = true;
}
