import { Injectable } from '@nestjs/common';
import { ActivityRepository, type AuditRow } from '../audit/activity.repository.js';
import { BATCH, TenantData, type DataRow, type TenantDataPart } from './tenant-data.js';

/** Who did what, latest first. What is done while it is read is left for the next time. */
@Injectable()
export class ActivityPart implements TenantDataPart {
  readonly name = 'activity';
  readonly columns = [
    'id',
    'at',
    'action',
    'actor_kind',
    'actor_id',
    'actor_name',
    'staff_name',
    'subject_kind',
    'subject_id',
    'subject_name',
    'changes',
    'address',
    'device',
    'request_id',
  ];

  constructor(
    private readonly entries: ActivityRepository,
    data: TenantData,
  ) {
    data.add(this);
  }

  async *rows(): AsyncGenerator<DataRow> {
    for (let cursor: string | null = null; ;) {
      const { items, next } = await this.entries.listed({ cursor, limit: BATCH });
      yield* items.map(rowOf);
      if (!next) return;
      cursor = next;
    }
  }
}

function rowOf(entry: AuditRow): DataRow {
  return {
    id: entry.id,
    at: entry.at,
    action: entry.action,
    actor_kind: entry.actorKind,
    actor_id: entry.actorId,
    actor_name: entry.actorName,
    staff_name: entry.staffName,
    subject_kind: entry.subjectKind,
    subject_id: entry.subjectId,
    subject_name: entry.subjectName,
    changes: entry.changes,
    address: entry.address,
    device: entry.device,
    request_id: entry.requestId,
  };
}
