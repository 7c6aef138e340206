import { Injectable } from '@nestjs/common';
import type { Role } from '../core/context/principal.js';
import { isUntouchedSample } from '../core/features/sample-data.js';
import { UnitOfWork } from '../core/database/unit-of-work.js';
import type { AgendaDeclaration } from '../core/features/agenda.js';

export interface DueRow {
  id: string;
  title: string;
  /** A day, ISO 8601: `2026-02-28`. */
  dueOn: string;
  isOverdue: boolean;
}

/** A row that is due, and who is told. */
export interface DueToday {
  userId: string;
  title: string;
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
    const { table, title, day } = declared;
    return this.unitOfWork.read<DueRow>({
      name: `agenda-${table}`,
      text: `SELECT r.id, r.${title} AS title, r.${day}::text AS "dueOn",
          r.${day} < (now() AT TIME ZONE $1)::date AS "isOverdue"
        FROM ${table} r
        WHERE r.tenant_id = (SELECT app_tenant_id()) AND r.deleted_at IS NULL
          ${isOpen(declared)} AND r.${day} <= (now() AT TIME ZONE $1)::date + ${DAYS}
        ORDER BY r.${day}, r.id LIMIT $2`,
      values: [zone, limit],
    });
  }

  /** The rows that are due on a day and have a member with access in one of these roles, by title. */
  async dueOn(
    declared: AgendaDeclaration,
    date: string,
    roles: readonly Role[],
  ): Promise<DueToday[]> {
    const { table, title, day, member } = declared;
    if (!member) return [];
    return this.unitOfWork.read<DueToday>({
      name: `due-on-${table}`,
      text: `SELECT m.user_id AS "userId", r.${title} AS title
        FROM ${table} r
        JOIN user_profile m ON m.tenant_id = r.tenant_id AND m.id = r.${member}
          AND m.is_active AND m.account_open
          AND m.role = ANY ($2::text[])
        WHERE r.tenant_id = (SELECT app_tenant_id()) AND r.deleted_at IS NULL
          ${isOpen(declared)} AND r.${day} = $1::date AND NOT ${isUntouchedSample('r')}
        ORDER BY r.${title}, r.id`,
      values: [date, roles],
    });
  }
}

/** SQL that leaves out rows `r` that are done. */
function isOpen({ done }: AgendaDeclaration): string {
  return done ? `AND r.${done[0]} <> '${done[1]}'` : '';
}
