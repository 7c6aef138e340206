import { deviceOf } from '../core/http/security/device.js';
import { currentScope } from '../core/context/request-context.js';
import type { TextKey } from '../core/i18n/text-keys.js';
import type { Texts } from '../core/i18n/texts.js';
import { formatDate } from '../core/views/intl.js';
import type { AuditChanges } from './audit-entry.entity.js';
import { fieldDeclaration, isAuditField } from './audit-fields.js';
import { iconOf, isAuditAction, kindOf, type AuditKind } from './audit-actions.js';
import type { AuditLine, AuditRow } from './activity.repository.js';

/** An entry in a line, in the language of the request. */
export interface BriefEntry {
  id: string;
  at: Date;
  icon: string;
  /** Who did what, with no full stop. */
  sentence: string;
}

/** An entry with all that is known of it. */
export interface PresentedEntry extends BriefEntry {
  action: string;
  kind: AuditKind | null;
  changes: PresentedChange[];
  /** Where from. */
  address: string | null;
  device: string | null;
  requestId: string | null;
}

export interface PresentedChange {
  label: string;
  from: string;
  to: string;
}

export function presentBriefly(row: AuditLine, texts: Texts): BriefEntry {
  return {
    id: row.id,
    at: row.at,
    icon: iconOf(row.action),
    sentence: sentenceOf(row, texts),
  };
}

export function presentAuditEntry(row: AuditRow, texts: Texts): PresentedEntry {
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

export function presentChanges(changes: AuditChanges | null, texts: Texts): PresentedChange[] {
  return Object.entries(changes ?? {}).map(([field, { from, to }]) => ({
    label: isAuditField(field) ? texts.say(`audit.fields.${field}`) : field,
    from: valueOf(field, from, texts),
    to: valueOf(field, to, texts),
  }));
}

/** What of an entry its sentence is made of. */
export type Told = Omit<AuditLine, 'id' | 'at'>;

export function sentenceOf(row: Told, texts: Texts): string {
  const { action, changes, subjectName } = row;
  const subject = onOneLine(subjectName) ?? texts.say('audit.nameless');
  const args = { actor: actorOf(row, texts), subject };
  if (!isAuditAction(action)) return action;
  const role = action === 'member.role_changed' ? changes?.role?.to : undefined;
  if (role === 'admin' || role === 'member') return texts.say(`audit.made.${role}`, args);
  return texts.say(`audit.actions.${action}`, args);
}

/** Whom people see as the one who did it. */
export function actorOf(row: Told, texts: Texts): string {
  const { actorKind, actorName, staffName } = row;
  const nobody = actorKind === 'system' ? 'audit.system' : 'audit.somebody';
  const actor = onOneLine(actorName) ?? texts.say(nobody);
  const staff = onOneLine(staffName);
  return staff ? texts.say('audit.on_behalf', { staff, actor }) : actor;
}

/** A masked address: U+2060 joins what a line could break between. */
function onOneLine(name: string | null): string | undefined {
  return name?.replace('…@', '…\u2060@');
}

const DAY = /^\d{4}-\d\d-\d\d$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

function valueOf(field: string, value: unknown, texts: Texts): string {
  if (value === null || value === undefined || value === '') return '—';
  if (typeof value === 'boolean') return texts.say(value ? 'audit.yes' : 'audit.no');
  if (Array.isArray(value)) return value.map((each) => valueOf(field, each, texts)).join(', ');
  if (typeof value !== 'string') return JSON.stringify(value);
  const { locale, principal } = currentScope();
  if (DAY.test(value)) return formatDate(value, locale, 'UTC', 'date');
  if (TIME.test(value)) return formatDate(value, locale, principal?.timezone ?? 'UTC', 'medium');
  const declared = fieldDeclaration(field);
  if (typeof declared !== 'object') return value;
  if ('nameOf' in declared) return declared.nameOf(value, locale);
  return wordOr(texts, `${declared.words}.${value.replace(':', '_')}`, value);
}

/** A word for what only the running application knows, else the thing itself. */
function wordOr(texts: Texts, key: string, otherwise: string): string {
  const text = texts.say(key as TextKey);
  return text === key ? otherwise : text;
}

function deviceName(userAgent: string | null, texts: Texts): string | null {
  const { browser, os } = deviceOf(userAgent);
  if (browser && os) return texts.say('profile.sessions.device', { browser, os });
  return browser ?? os ?? userAgent;
}
