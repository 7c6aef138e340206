import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { currentContext } from '../core/context/request-context.js';
import { BYTE_ORDER_MARK, csvLine, csvStream, separatorOf } from '../core/utils/csv.js';
import { Translator } from '../core/i18n/translator.js';
import { ActivityRepository, type AuditRow } from './activity.repository.js';
import type { ActivityQuery } from './activity.service.js';
import { actionsOf } from './audit-actions.js';
import { actorOf, presentAuditEntry } from './audit-entry.presenter.js';

const AT_ONCE = 500;

/** Streams the audit trail as CSV (RFC 4180, UTF-8). */
@Injectable()
export class ActivityCsv {
  constructor(
    private readonly entries: ActivityRepository,
    private readonly texts: Translator,
  ) {}

  stream({ kind, ...query }: Omit<ActivityQuery, 'cursor'>): Readable {
    const { timeZone } = query;
    const separator = separatorOf(currentContext().locale);
    const actions = kind && actionsOf(kind);
    const timeOf = timesIn(timeZone);
    const header = csvLine(this.header(timeZone), separator);
    return csvStream(BYTE_ORDER_MARK + header, async (cursor) => {
      const asked = { ...query, actions, cursor, limit: AT_ONCE };
      const { items, next } = await this.entries.listed(asked);
      const lines = items.map((row) => csvLine(this.line(row, timeOf(row.at)), separator));
      return { text: lines.join(''), next };
    });
  }

  private header(timeZone: string): string[] {
    const say = (column: (typeof COLUMNS)[number]) =>
      this.texts.t(`audit.csv.${column}`, { timeZone });
    return COLUMNS.map(say);
  }

  private line(row: AuditRow, time: string): string[] {
    const { sentence, changes } = presentAuditEntry(row, this.texts);
    const changed = changes.map(({ label, from, to }) => `${label}: ${from} → ${to}`);
    return [
      time,
      actorOf(row, this.texts),
      sentence,
      row.action,
      row.subjectName ?? '',
      changed.join('; '),
      row.address ?? '',
      row.device ?? '',
      row.requestId ?? '',
    ];
  }
}

const COLUMNS = [
  'time',
  'who',
  'what',
  'action',
  'subject',
  'changes',
  'address',
  'device',
  'request',
] as const;

/** Formats times as `2026-11-21 08:51:32`, which spreadsheets parse. */
function timesIn(timeZone: string): (at: Date) => string {
  const format = new Intl.DateTimeFormat('sv-SE', {
    timeZone,
    dateStyle: 'short',
    timeStyle: 'medium',
  });
  return (at) => format.format(at);
}
