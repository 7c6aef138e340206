import { Injectable } from '@nestjs/common';
import type { PrivilegedRole } from '../core/database/privileged/privileged-role.js';
import {
  keysetSql,
  listPage,
  readCursor,
  type Keyed,
  type ListOrder,
  type ListPage,
} from '../core/database/keyset.js';
import { UnitOfWork } from '../core/database/unit-of-work.js';
import { sharedActions } from './audit-actions.js';
import type { AuditEntry } from './audit-entry.entity.js';
import { namesInFull } from './names-in-full.js';
import { titlesInFull } from './titles-in-full.js';

/** An audit entry as listed. */
export interface AuditRow
  extends
    Keyed,
    Omit<
      AuditEntry,
      | 'chain'
      | 'position'
      | 'tenant'
      | 'isRedacted'
      | 'personalHash'
      | 'personalSalt'
      | 'previousHash'
      | 'hash'
    > {}

/** The columns that a one-line entry is made of. */
export type AuditLine = Pick<
  AuditRow,
  'id' | 'at' | 'actorKind' | 'actorName' | 'staffName' | 'action' | 'subjectName' | 'changes'
>;

/** Filters; absent ones do not apply. */
export interface AuditQuery {
  actorId?: string | null;
  /** Id of the subject. */
  subjectId?: string | null;
  actions?: readonly string[] | null;
  /** First and last day, inclusive (ISO 8601), in the time zone `timeZone` (IANA name). */
  from?: string | null;
  to?: string | null;
  timeZone?: string;
  cursor?: string | null;
  limit: number;
}

const LATEST: ListOrder = {
  name: 'latest',
  key: 'e.at',
  type: 'time',
  id: 'e.id',
  descending: true,
};

@Injectable()
export class ActivityRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /**
   * Entries of the current organisation, latest first; with a privileged role, entries of every organisation
   * and of the operator.
   * @throws DomainError `malformed` for an invalid cursor
   */
  async listed(query: AuditQuery, role?: PrivilegedRole): Promise<ListPage<AuditRow>> {
    const { limit, timeZone = 'UTC' } = query;
    const position = readCursor(LATEST, query.cursor);
    const values: unknown[] = [limit + 1];
    const given = (value: unknown) => `$${values.push(value)}`;
    const conditions = role ? [] : ['e.tenant_id = (SELECT app_tenant_id())'];
    let name = `activity-${role?.name ?? 'own'}-${position?.direction ?? 'first'}`;
    const where = (label: string, condition: string) => {
      conditions.push(condition);
      name += `-${label}`;
    };
    if (query.actorId) where('actor', `e.actor_id = ${given(query.actorId)}`);
    if (query.subjectId) where('subject', `e.subject_id = ${given(query.subjectId)}`);
    if (query.from) where('from', `e.at >= ${midnight(given(query.from), given(timeZone))}`);
    if (query.to)
      where('to', `e.at < ${midnight(`${given(query.to)}::date + 1`, given(timeZone))}`);
    // One index range per action: finds rare actions among millions of entries.
    const wanted = query.actions && `unnest(${given(query.actions)}::text[]) AS wanted (action)`;
    if (wanted) where('actions', 'e.action = wanted.action');
    const { key, from, orderBy, values: place } = keysetSql(LATEST, position, values.length + 1);
    const shown = shownWith(role ? IN_FULL : ORGANISATIONS_OWN);
    const entries = `audit_entry e WHERE ${[...conditions, from].join(' AND ')}
      ORDER BY ${orderBy} LIMIT $1`;
    const text = wanted
      ? `SELECT ${shown}, ${key} AS key FROM ${wanted}
         CROSS JOIN LATERAL (SELECT ${COLUMNS} FROM ${entries}) e ORDER BY ${orderBy} LIMIT $1`
      : `SELECT ${shown}, ${key} AS key FROM ${entries}`;
    const statement = { name, text, values: [...values, ...place], inIndexOrder: !wanted };
    const rows = await this.unitOfWork.read<AuditRow>(statement, role);
    return listPage(rows, LATEST, position, limit);
  }

  /**
   * The latest entries that all members may read; `inFull`: for an admin, with unmasked addresses of invited
   * people.
   */
  shared(limit: number, inFull: boolean): Promise<AuditLine[]> {
    const statement = inFull
      ? { name: 'activity-shared-in-full', text: shared(IN_FULL.invitedName), values: [limit] }
      : { name: 'activity-shared', text: shared('e.subject_name'), values: [limit] };
    return this.unitOfWork.read<AuditLine>({ ...statement, inIndexOrder: true });
  }

  /** The actors of the organisation's entries, by the name in their latest entry. */
  actors(): Promise<Array<{ id: string; name: string }>> {
    return this.unitOfWork.read({ name: 'activity-actors', text: ACTORS });
  }
}

/** SQL for midnight of a day in a time zone. */
function midnight(day: string, timeZone: string): string {
  return `((${day})::date::timestamp AT TIME ZONE ${timeZone})`;
}

const COLUMNS = `e.id, e.at, e.tenant_id, e.actor_kind, e.actor_id, e.actor_name, e.staff_id,
  e.staff_name, e.action, e.subject_kind, e.subject_id, e.subject_name, e.changes, e.address,
  e.device, e.request_id`;

const IN_FULL = namesInFull('e');

const shownWith = (names: Record<'actorName' | 'staffName' | 'subjectName', string>) =>
  `e.id, e.at, e.tenant_id AS "tenantId", e.actor_kind AS "actorKind",
  e.actor_id AS "actorId", ${names.actorName} AS "actorName", e.staff_id AS "staffId",
  ${names.staffName} AS "staffName", e.action, e.subject_kind AS "subjectKind",
  e.subject_id AS "subjectId", ${names.subjectName} AS "subjectName", ${titlesInFull('e')} AS changes,
  host(e.address) AS address, e.device, e.request_id AS "requestId"`;

/** As the organisation's own people read them. */
const ORGANISATIONS_OWN = {
  actorName: 'e.actor_name',
  staffName: 'e.staff_name',
  subjectName: IN_FULL.invitedName,
};

/** The actions are literals in the text, so that the planner can use the partial index of these actions. */
const shared = (subjectName: string) => `
  SELECT e.id, e.at, e.actor_kind AS "actorKind", e.actor_name AS "actorName",
    e.staff_name AS "staffName", e.action, ${subjectName} AS "subjectName", e.changes
  FROM audit_entry e
  WHERE e.tenant_id = (SELECT app_tenant_id())
    AND e.action IN (${sharedActions()
      .map((action) => `'${action}'`)
      .join(', ')})
  ORDER BY e.at DESC, e.id DESC LIMIT $1`;

/** Loose index scan: one step per actor, however long the trail is. */
const ACTORS = `
  WITH RECURSIVE actor AS (
    (SELECT actor_id, actor_name FROM audit_entry
      WHERE tenant_id = app_tenant_id() AND actor_id IS NOT NULL
      ORDER BY actor_id DESC, at DESC, id DESC LIMIT 1)
    UNION ALL
    SELECT following.* FROM actor CROSS JOIN LATERAL (
      SELECT e.actor_id, e.actor_name FROM audit_entry e
      WHERE e.tenant_id = app_tenant_id() AND e.actor_id < actor.actor_id
      ORDER BY e.actor_id DESC, e.at DESC, e.id DESC LIMIT 1) following)
  SELECT actor_id AS id, actor_name AS name FROM actor WHERE actor_name IS NOT NULL
  ORDER BY lower(actor_name), actor_id`;
