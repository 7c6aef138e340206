import { AsyncLocalStorage } from 'node:async_hooks';
import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { BYTE_ORDER_MARK, csvLine } from '../core/utils/csv.js';
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

  /** Never throws: an error ends the stream. */
  stream(query: Omit<ActivityQuery, 'cursor'>): Readable {
    return Readable.from(this.lines(query, AsyncLocalStorage.snapshot()));
  }

  /**
   * The stream is read outside of the request's asynchronous context: `inScope` restores organisation and
   * language.
   */
  private async *lines(
    { kind, timeZone, ...query }: Omit<ActivityQuery, 'cursor'>,
    inScope: <T>(work: () => T) => T,
  ): AsyncGenerator<string> {
    yield `${BYTE_ORDER_MARK}${inScope(() => this.header(timeZone))}`;
    const actions = kind && actionsOf(kind);
    const timeOf = timesIn(timeZone);
    for (let cursor: string | null = null; ;) {
      const asked = { ...query, timeZone, actions, cursor, limit: AT_ONCE };
      const page = await inScope(async () => {
        const { items, next } = await this.entries.listed(asked);
        return { text: items.map((row) => this.line(row, timeOf(row.at))).join(''), next };
      });
      yield page.text;
      if (!page.next) return;
      cursor = page.next;
    }
  }

  private header(timeZone: string): string {
    const say = (column: (typeof COLUMNS)[number]) =>
      this.texts.t(`audit.csv.${column}`, { timeZone });
    return csvLine(COLUMNS.map(say));
  }

  private line(row: AuditRow, time: string): string {
    const { sentence, changes } = presentAuditEntry(row, this.texts);
    const changed = changes.map(({ label, from, to }) => `${label}: ${from} → ${to}`);
    return csvLine([
      time,
      actorOf(row, this.texts),
      sentence,
      row.action,
      row.subjectName ?? '',
      changed.join('; '),
      row.address ?? '',
      row.device ?? '',
      row.requestId ?? '',
    ]);
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
