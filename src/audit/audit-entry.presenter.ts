import { deviceOf } from '../core/http/security/device.js';
import { currentContext } from '../core/context/request-context.js';
import type { TextKey } from '../core/i18n/text-keys.js';
import type { Translator } from '../core/i18n/translator.js';
import { formatDate } from '../core/views/intl.js';
import type { AuditChanges } from './audit-entry.entity.js';
import { fieldDeclaration, isAuditField } from './audit-fields.js';
import type { AuditKind } from '../core/features/names.js';
import { iconOf, isAuditAction, kindOf } from './audit-actions.js';
import type { AuditLine, AuditRow } from './activity.repository.js';

/** An entry as one line, in the language of the request. */
export interface BriefEntry {
  id: string;
  at: Date;
  icon: string;
  /** A sentence without a full stop: who did what. */
  sentence: string;
}

/** An entry with all its details. */
export interface PresentedEntry extends BriefEntry {
  action: string;
  kind: AuditKind | null;
  changes: PresentedChange[];
  /** IP address of the request. */
  address: string | null;
  device: string | null;
  requestId: string | null;
}

export interface PresentedChange {
  label: string;
  from: string;
  to: string;
}

export function presentBriefly(row: AuditLine, texts: Translator): BriefEntry {
  return {
    id: row.id,
    at: row.at,
    icon: iconOf(row.action),
    sentence: sentenceOf(row, texts),
  };
}

export function presentAuditEntry(row: AuditRow, texts: Translator): PresentedEntry {
  const { action, changes, address, requestId } = row;
  return {
    ...presentBriefly(row, texts),
    action,
    kind: kindOf(action),
    changes: presentChanges(changes, texts),
    address,
    device: deviceName(row.device, texts),
    requestId,
  };
}

export function presentChanges(changes: AuditChanges | null, texts: Translator): PresentedChange[] {
  return Object.entries(changes ?? {}).map(([field, { from, to }]) => ({
    label: isAuditField(field) ? texts.t(`audit.fields.${field}`) : field,
    from: valueOf(field, from, texts),
    to: valueOf(field, to, texts),
  }));
}

/** The columns that the sentence of an entry is made of. */
export type Told = Omit<AuditLine, 'id' | 'at'>;

export function sentenceOf(row: Told, texts: Translator): string {
  const { action, changes, subjectName } = row;
  const subject = onOneLine(subjectName) ?? texts.t('audit.nameless');
  const args = { actor: actorOf(row, texts), subject };
  if (!isAuditAction(action)) return action;
  const role = action === 'member.role_changed' ? changes?.role?.to : undefined;
  if (role === 'admin' || role === 'member') return texts.t(`audit.made.${role}`, args);
  return texts.t(`audit.actions.${action}`, args);
}

/** The displayed name of the actor. */
export function actorOf(row: Told, texts: Translator): string {
  const { actorKind, actorName, staffName } = row;
  const nobody = actorKind === 'system' ? 'audit.system' : 'audit.somebody';
  const actor = onOneLine(actorName) ?? texts.t(nobody);
  const staff = onOneLine(staffName);
  return staff ? texts.t('audit.on_behalf', { staff, actor }) : actor;
}

/** Joins a masked address with U+2060, so that no line breaks within it. */
function onOneLine(name: string | null): string | undefined {
  return name?.replace('…@', '…\u2060@');
}

const DAY = /^\d{4}-\d\d-\d\d$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

function valueOf(field: string, value: unknown, texts: Translator): string {
  if (value === null || value === undefined || value === '') return '—';
  if (typeof value === 'boolean') return texts.t(value ? 'audit.yes' : 'audit.no');
  if (Array.isArray(value)) return value.map((each) => valueOf(field, each, texts)).join(', ');
  if (typeof value !== 'string') return JSON.stringify(value);
  const { locale, principal } = currentContext();
  if (DAY.test(value)) return formatDate(value, locale, 'UTC', 'date');
  if (TIME.test(value)) return formatDate(value, locale, principal?.timezone ?? 'UTC', 'medium');
  const declared = fieldDeclaration(field);
  if (typeof declared !== 'object') return value;
  if ('nameOf' in declared) return declared.nameOf(value, locale);
  return wordOr(texts, `${declared.words}.${value.replace(':', '_')}`, value);
}

/** The translation of a key that exists at run time, else `otherwise`. */
function wordOr(texts: Translator, key: string, otherwise: string): string {
  const text = texts.t(key as TextKey);
  return text === key ? otherwise : text;
}

function deviceName(userAgent: string | null, texts: Translator): string | null {
  const { browser, os } = deviceOf(userAgent);
  if (browser && os) return texts.t('profile.sessions.device', { browser, os });
  return browser ?? os ?? userAgent;
}
