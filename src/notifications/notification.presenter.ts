import { notificationText } from '../core/features/declared-texts.js';
import { merged } from '../core/features/registry.js';
import { currentContext } from '../core/context/request-context.js';
import type { Locale } from '../core/i18n/locales.js';
import type { TextKey } from '../core/i18n/text-keys.js';
import type { Translator } from '../core/i18n/translator.js';
import { formatDate } from '../core/views/intl.js';
import type { NotificationRow } from './notifications.repository.js';

/** What a sentence is made of. */
export type Told = Pick<NotificationRow, 'kind' | 'data'>;

/** A notification in the language of the request. */
export interface PresentedNotification {
  id: string;
  kind: string;
  icon: string;
  /** A sentence without a full stop. */
  text: string;
  /** Path of the page it leads to. */
  href: string;
  createdAt: Date;
  isRead: boolean;
}

export function presentNotification(
  row: NotificationRow,
  texts: Translator,
): PresentedNotification {
  const { id, kind, createdAt, readAt } = row;
  const icon = merged('notifications').get(kind)?.icon ?? 'bell';
  const text = sentenceOf(row, texts);
  return { id, kind, icon, text, href: hrefOf(row), createdAt, isRead: readAt !== null };
}

/** The sentence of a notification; of a kind that no feature declares any more, that there was one. */
export function sentenceOf(
  { kind, data }: Told,
  texts: Translator,
  locale: Locale = currentContext().locale,
): string {
  const key = notificationText(kind, 'text');
  if (!key) return texts.t('notifications.of_unknown_kind', {}, locale);
  const { words = {}, days = [] } = merged('notifications').get(kind)!;
  const args: Record<string, unknown> = { ...data };
  for (const [name, keys] of Object.entries(words)) {
    args[name] = texts.t(`${keys}.${String(data[name])}` as TextKey, {}, locale);
  }
  for (const name of days) args[name] = dayOf(data[name], locale);
  return texts.t(key, args, locale);
}

/** The path a notification leads to; the list itself where its kind is not known any more. */
export function hrefOf({ kind, data }: Told): string {
  const { href = '/notifications/' } = merged('notifications').get(kind) ?? {};
  return href.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(data[name])));
}

function dayOf(day: unknown, locale: Locale): string {
  return typeof day === 'string' && day ? formatDate(day, locale, 'UTC', 'date') : '';
}
