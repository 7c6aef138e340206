import { Injectable } from '@nestjs/common';
import { listPage, readCursor, type Keyed, type ListPage } from '../database/keyset.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { DomainError } from '../errors/domain-error.js';
import type { Row } from './row.js';
import { BackOffice } from './back-office.js';
import type { ListQuery } from './list-query.js';
import type { ListedEntity } from './listed-entity.js';
import { fewStatement, listStatement, orderOf, rowsStatement } from './record-statements.js';
import { staffRole } from '../database/privileged/staff.role.js';

interface Counted {
  total?: number | null;
}

export interface CountedPage extends ListPage<Row & Keyed> {
  /** How many rows the list finds, `MOST_COUNTED` + 1 where there are more; null: not counted. */
  total: number | null;
}

/** Reads rows of any entity and organisation as the staff role. Never writes. */
@Injectable()
export class RecordsRepository {
  constructor(
    private readonly office: BackOffice,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /** @throws DomainError `malformed` for a cursor of another order */
  async list(
    list: ListedEntity,
    query: ListQuery,
    limit: number,
    { isCounted = false } = {},
  ): Promise<CountedPage> {
    const order = orderOf(list, query);
    const position = readCursor(order, query.cursor);
    const statement = listStatement(this.office, list, query, position, limit, isCounted);
    const rows = await this.unitOfWork.read<Row & Keyed & Counted>(statement, staffRole);
    const total = rows[0] ? (rows[0].total ?? null) : 0;
    return { ...listPage(rows, order, position, limit), total };
  }

  /** A few rows that the search finds in a list, and whether there are more. */
  async few(list: ListedEntity, q: string, limit: number) {
    const statement = fewStatement(this.office, list, q, limit);
    const rows = await this.unitOfWork.read<Row>(statement, staffRole);
    return { rows: rows.slice(0, limit), hasMore: rows.length > limit };
  }

  /** @throws DomainError `not_found` */
  async get(list: ListedEntity, id: string): Promise<Row> {
    const [row] = await this.some(list, [id]);
    return row!;
  }

  /** The existing rows among these ids. @throws DomainError `not_found` when there is none */
  async some(list: ListedEntity, ids: string[]): Promise<Row[]> {
    const statement = rowsStatement(this.office, list, ids);
    const rows = await this.unitOfWork.read<Row>(statement, staffRole);
    if (rows.length === 0) throw new DomainError('not_found', 'errors.not_found');
    return rows;
  }
}
