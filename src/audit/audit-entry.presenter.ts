import { deviceOf } from '../core/http/security/device.js';
import { currentContext } from '../core/context/request-context.js';
import { auditActionText, auditFieldText } from '../core/features/declared-texts.js';
import type { TextKey } from '../core/i18n/text-keys.js';
import type { Translator } from '../core/i18n/translator.js';
import { formatDate } from '../core/views/intl.js';
import type { AuditFieldDeclaration } from '../core/features/feature.js';
import { fieldDeclaration } from './audit-fields.js';
import type { AuditKind } from '../core/features/names.js';
import { actionDeclaration, iconOf, kindOf } from './audit-actions.js';
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
  const { action, address, requestId } = row;
  return {
    ...presentBriefly(row, texts),
    action,
    kind: kindOf(action),
    changes: presentChanges(row, texts),
    address,
    device: deviceName(row.device, texts),
    requestId,
  };
}

export function presentChanges(
  { action, changes }: Pick<Told, 'action' | 'changes'>,
  texts: Translator,
): PresentedChange[] {
  return Object.entries(changes ?? {}).map(([field, { from, to }]) => {
    const declared = fieldDeclaration(field, action);
    return {
      label: labelOf(field, action, texts),
      from: valueOf(declared, from, texts),
      to: valueOf(declared, to, texts),
    };
  });
}

/** The columns that the sentence of an entry is made of. */
export type Told = Omit<AuditLine, 'id' | 'at'>;

export function sentenceOf(row: Told, texts: Translator): string {
  const { action, changes, subjectName } = row;
  const subject = onOneLine(subjectName) ?? texts.t('audit.nameless');
  const args = { actor: actorOf(row, texts), subject };
  const sentence = auditActionText(action);
  if (!sentence) return action;
  const { field, sentences } = actionDeclaration(action)?.byNewValue ?? {};
  const value = field && changes?.[field]?.to;
  if (typeof value !== 'string') return texts.t(sentence, args);
  return translated(texts, `${sentences}.${value}`, args) ?? texts.t(sentence, args);
}

function labelOf(field: string, action: string, texts: Translator): string {
  const label = auditFieldText(field, action);
  return label ? texts.t(label) : field;
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

function valueOf(
  declared: AuditFieldDeclaration | undefined,
  value: unknown,
  texts: Translator,
): string {
  if (value === null || value === undefined || value === '') return '—';
  if (typeof value === 'boolean') return texts.t(value ? 'audit.yes' : 'audit.no');
  if (Array.isArray(value)) return value.map((each) => valueOf(declared, each, texts)).join(', ');
  if (typeof value !== 'string') return JSON.stringify(value);
  const { locale, principal } = currentContext();
  if (DAY.test(value)) return formatDate(value, locale, 'UTC', 'date');
  if (TIME.test(value)) return formatDate(value, locale, principal?.timezone ?? 'UTC', 'medium');
  // Titles of rows were read with the entry.
  if (typeof declared !== 'object' || 'titleOf' in declared) return value;
  if ('nameOf' in declared) return declared.nameOf(value, locale);
  const key = 'textOf' in declared ? declared.textOf(value) : `${declared.words}.${value}`;
  return (key && translated(texts, key)) ?? value;
}

/** The translation of a key that may exist. */
function translated(
  texts: Translator,
  key: string,
  args?: Record<string, unknown>,
): string | undefined {
  const text = texts.t(key as TextKey, args);
  return text === key ? undefined : text;
}

function deviceName(userAgent: string | null, texts: Translator): string | null {
  const { browser, os } = deviceOf(userAgent);
  if (browser && os) return texts.t('profile.sessions.device', { browser, os });
  return browser ?? os ?? userAgent;
}
