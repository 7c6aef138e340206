/**
 * A kind of notification, `<subject>.<what happened>`. Its texts are `<feature>.notifications.<kind>`: `text`, the sentence
 * people read, whose `{names}` are the values of `Data`, and `label`, what the kind is called where people choose.
 */
export interface NotificationDeclaration<Data extends object = object> {
  /** For the type alone. */
  data?: Data;
  icon: string;
  /** Path of the page it leads to; `{name}` is the value of that name. */
  href: string;
  /** Who may be told and so chooses how; default: everybody. */
  audience?: 'admin';
  /** Values that are shown in words, by name: the text keys of the words without `.<value>`. */
  words?: Readonly<Record<string, string>>;
  /** Values that are days (ISO 8601), shown as people write them. */
  days?: readonly string[];
  /**
   * The mail by which the feature says the same itself, whatever people choose: what is about security or money, or was
   * asked for. Absent: the notification is mailed to those who chose that, and can be unsubscribed from.
   */
  mail?: string;
}

/** Declares a kind of notification with the type of its data. */
export function notification<Data extends object>(
  declaration: Omit<NotificationDeclaration, 'data'>,
): NotificationDeclaration<Data> {
  return declaration;
}
