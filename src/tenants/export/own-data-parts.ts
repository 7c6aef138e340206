import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ActivityRepository } from '../../audit/activity.repository.js';
import { DataParts } from './data-parts.js';
import { TenantsRepository } from '../tenants.repository.js';

/** The settings of the organisation, and its activity. */
@Injectable()
export class OwnDataParts implements OnModuleInit {
  constructor(
    private readonly parts: DataParts,
    private readonly tenants: TenantsRepository,
    private readonly activity: ActivityRepository,
  ) {}

  onModuleInit(): void {
    this.parts.register({
      name: 'settings',
      columns: ['organization', 'currency', 'timezone', 'language', 'created_at'],
      rows: () => this.settings(),
    });
    this.parts.register({
      name: 'activity',
      columns: [
        ...['at', 'action', 'actor_kind', 'actor_id', 'actor_name', 'staff_name', 'subject_kind'],
        ...['subject_id', 'subject_name', 'changes', 'address', 'device', 'request_id'],
      ],
      rows: () => this.entries(),
    });
  }

  private async *settings() {
    const { organization, currency, timezone, language, createdAt } = await this.tenants.current();
    yield { organization, currency, timezone, language, created_at: createdAt };
  }

  private async *entries() {
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
