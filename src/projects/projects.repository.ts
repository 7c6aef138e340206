import { Injectable } from '@nestjs/common';
import {
  MOST_COUNTED,
  PAGE_SIZE,
  keysetSql,
  listPage,
  readCursor,
  type Keyed,
  type ListOrder,
  type ListPage,
  type ListQuery,
  type ListTotals,
} from '../core/database/keyset.js';
import { TenantScopedRepository } from '../core/database/tenant-scoped.repository.js';
import { UnitOfWork } from '../core/database/unit-of-work.js';
import { Project, type ProjectDetails, type ProjectStatus } from './project.entity.js';
import { memberName } from '../members/member-name.js';

/** A project as listed. */
export interface ProjectRow
  extends Keyed, Pick<ProjectDetails, 'name' | 'status' | 'dueDate' | 'ownerId'> {
  ownerName: string | null;
  createdAt: Date;
  isDeleted: boolean;
}

export const PROJECT_SORTS = ['name', 'due', 'newest'] as const;
export type ProjectSort = (typeof PROJECT_SORTS)[number];

export interface ProjectsQuery extends ListQuery<ProjectSort> {
  /** One status, or deleted projects; null: all that are not deleted. */
  status: ProjectStatus | 'deleted' | null;
}

/** Projects without a due date come last. */
export const PROJECT_ORDERS: Record<ProjectSort, ListOrder> = {
  name: { name: 'name', key: 'lower(p.name)', type: 'text', id: 'p.id' },
  due: { name: 'due', key: `coalesce(p.due_date, 'infinity'::date)`, type: 'date', id: 'p.id' },
  newest: { name: 'newest', key: 'p.created_at', type: 'time', id: 'p.id', descending: true },
};

/** The projects that a list finds by $1, a text, and $3, a status. */
const found = (isDeleted: boolean) => `FROM project p
  WHERE p.tenant_id = app_tenant_id() AND p.deleted_at IS ${isDeleted ? 'NOT NULL' : 'NULL'}
    AND ($1::text IS NULL
      OR strpos(app_search_text(p.name), app_search_text($1)) > 0
      OR strpos(lower(p.description), lower($1)) > 0)
    AND ($3::text IS NULL OR p.status = $3)`;

@Injectable()
export class ProjectsRepository extends TenantScopedRepository<Project> {
  protected override readonly references = { fk_project_owner_id_tenant_id: 'owner_id' } as const;

  constructor(unitOfWork: UnitOfWork) {
    super(unitOfWork, Project);
  }

  /** @throws DomainError `malformed` for a cursor of another order */
  async listed(query: ProjectsQuery): Promise<ListPage<ProjectRow>> {
    const { q, status, sort, cursor, limit = PAGE_SIZE } = query;
    const order = PROJECT_ORDERS[sort];
    const position = readCursor(order, cursor);
    const { key, from, orderBy, values } = keysetSql(order, position, 4);
    const isDeleted = status === 'deleted';
    const rows = await this.read<ProjectRow>({
      name: `projects-${sort}-${position?.direction ?? 'first'}-${isDeleted ? 'deleted' : 'kept'}`,
      text: `SELECT p.id, p.name, p.status, p.due_date::text AS "dueDate", p.owner_id AS "ownerId",
          ${memberName('p.owner_id')} AS "ownerName",
          p.created_at AS "createdAt", p.deleted_at IS NOT NULL AS "isDeleted", ${key} AS key
        ${found(isDeleted)}
          AND ${from}
        ORDER BY ${orderBy} LIMIT $2`,
      values: [q, limit + 1, isDeleted ? null : status, ...values],
    });
    return listPage(rows, order, position, limit);
  }

  /** What stands under the list. */
  async totals({ q, status }: ProjectsQuery) {
    const isDeleted = status === 'deleted';
    const [totals] = await this.read<ListTotals>({
      name: `projects-totals-${isDeleted ? 'deleted' : 'kept'}`,
      text: `SELECT count(*)::int AS count,
          EXISTS (SELECT FROM project
            WHERE tenant_id = app_tenant_id() AND deleted_at IS NOT NULL) AS "hasDeleted"
        FROM (SELECT p.id ${found(isDeleted)} LIMIT $2) counted`,
      values: [q, MOST_COUNTED + 1, isDeleted ? null : status],
    });
    return totals!;
  }
}
