import { Injectable } from '@nestjs/common';
import type { Readable } from 'node:stream';
import { AuditTrail } from '../../audit/audit-trail.service.js';
import { AdminWords } from '../../core/back-office/admin-words.js';
import type { ListQuery } from '../../core/back-office/list-query.js';
import type { ListedEntity } from '../../core/back-office/listed-entity.js';
import { RecordPresenter, type Cell } from '../../core/back-office/record.presenter.js';
import { RecordsRepository } from '../../core/back-office/records.repository.js';
import { currentContext } from '../../core/context/request-context.js';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import { BYTE_ORDER_MARK, csvLine, csvStream, separatorOf } from '../../core/utils/csv.js';

/** Rows per read; a long list is never held in memory. */
const AT_ONCE = 1_000;
/** Rows of a file at most. */
export const MOST_EXPORTED = 100_000;

/** Lists of the back office as CSV (RFC 4180, UTF-8): what staff see of the rows, no more. */
@Injectable()
export class ListCsv {
  constructor(
    private readonly records: RecordsRepository,
    private readonly presenter: RecordPresenter,
    private readonly words: AdminWords,
    private readonly audit: AuditTrail,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /** Records who takes the list, then streams the rows that it finds, in its order. */
  async of(list: ListedEntity, query: ListQuery): Promise<Readable> {
    const subject = { kind: 'list', id: null, name: this.words.plural(list) };
    await this.unitOfWork.run(() =>
      this.audit.record({ action: 'list.downloaded', subject, tenantId: null }),
    );
    const separator = separatorOf(currentContext().locale);
    const columns = [...new Set(list.list)];
    const header = [
      this.words.field(list, list.id.name),
      this.words.field(list, list.title.name),
      ...columns.map(({ name }) => this.words.field(list, name)),
    ];
    let left = MOST_EXPORTED;
    return csvStream(BYTE_ORDER_MARK + csvLine(header, separator), async (cursor) => {
      const asked = { ...query, cursor };
      const { items, next } = await this.records.list(list, asked, Math.min(AT_ONCE, left));
      left -= items.length;
      const lines = items.map((row) => {
        const cells = this.presenter.fields(list, columns, row).map(({ cell }) => textOf(cell));
        return csvLine([row.id, this.presenter.title(list, row), ...cells], separator);
      });
      return { text: lines.join(''), next: left > 0 ? next : null };
    });
  }
}

/** Moments are in UTC, as spreadsheets read them. */
function textOf(cell: Cell): string {
  if (cell.kind === 'none') return '';
  if (cell.kind === 'time') return cell.at.toISOString().slice(0, 19).replace('T', ' ');
  if (cell.kind === 'day') return cell.day;
  return cell.text;
}
