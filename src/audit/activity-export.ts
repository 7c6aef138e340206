import { Injectable } from '@nestjs/common';
import type { ExportSource } from '../core/features/feature.js';
import { ActivityRepository } from './activity.repository.js';

/** What happened in the organisation, as its admins read it. */
@Injectable()
export class ActivityExport implements ExportSource {
  constructor(private readonly activity: ActivityRepository) {}

  async *rows() {
    for (let cursor: string | null = null; ;) {
      const { items, next } = await this.activity.listed({ cursor, limit: 500 });
      for (const row of items) {
        yield {
          at: row.at,
          action: row.action,
          actor_kind: row.actorKind,
          actor_id: row.actorId,
          actor_name: row.actorName,
          staff_name: row.staffName,
          subject_kind: row.subjectKind,
          subject_id: row.subjectId,
          subject_name: row.subjectName,
          changes: row.changes,
          address: row.address,
          device: row.device,
          request_id: row.requestId,
        };
      }
      if (!next) return;
      cursor = next;
    }
  }
}
