import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../core/database/unit-of-work.js';
import { AGENDA_DAYS, type AgendaSource, type DueRow } from '../core/features/agenda.js';

/** Projects that fall due and are not done. */
@Injectable()
export class ProjectsAgenda implements AgendaSource {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  due(zone: string, limit: number): Promise<DueRow[]> {
    return this.unitOfWork.read<DueRow>({
      name: 'projects-due',
      text: `SELECT p.id, p.name AS title, p.due_date::text AS "dueOn",
          p.due_date < (now() AT TIME ZONE $1)::date AS "isOverdue"
        FROM project p
        WHERE p.tenant_id = app_tenant_id() AND p.deleted_at IS NULL AND p.status <> 'done'
          AND p.due_date <= (now() AT TIME ZONE $1)::date + ${AGENDA_DAYS}
        ORDER BY p.due_date, p.id LIMIT $2`,
      values: [zone, limit],
    });
  }
}
