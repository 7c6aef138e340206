import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../core/database/unit-of-work.js';
import type { AgendaDeclaration } from '../core/features/agenda.js';

export interface DueRow {
  id: string;
  title: string;
  /** A day, ISO 8601: `2026-02-28`. */
  dueOn: string;
  isOverdue: boolean;
}

/** Days ahead that are shown. */
const DAYS = 14;

/** Rows with a due date, of whichever feature. */
@Injectable()
export class AgendaRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /**
   * What is overdue and what falls due within two weeks, earliest first.
   * @param zone IANA name, for which day it is today
   * @param limit maximum number of rows
   */
  due(declared: AgendaDeclaration, zone: string, limit: number): Promise<DueRow[]> {
    const { table, title, day, done } = declared;
    return this.unitOfWork.read<DueRow>({
      name: `agenda-${table}`,
      text: `SELECT id, ${title} AS title, ${day}::text AS "dueOn",
          ${day} < (now() AT TIME ZONE $1)::date AS "isOverdue"
        FROM ${table}
        WHERE tenant_id = (SELECT app_tenant_id()) AND deleted_at IS NULL
          ${done ? `AND ${done[0]} <> '${done[1]}'` : ''}
          AND ${day} <= (now() AT TIME ZONE $1)::date + ${DAYS}
        ORDER BY ${day}, id LIMIT $2`,
      values: [zone, limit],
    });
  }
}
