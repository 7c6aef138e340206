import { Injectable } from '@nestjs/common';
import { inBatches } from '../core/database/tenant-rows.js';
import type { ExportSource } from '../core/features/feature.js';
import { MembersRepository } from './members.repository.js';

@Injectable()
export class MembersExport implements ExportSource {
  constructor(private readonly members: MembersRepository) {}

  async *rows() {
    const all = inBatches((after, limit) =>
      this.members.listed({ limit, ...(after ? { after } : {}) }),
    );
    for await (const row of all) {
      yield {
        id: row.id,
        display_name: row.displayName,
        email: row.email,
        role: row.role,
        is_active: row.isActive,
        joined_at: row.joinedAt,
        revoked_at: row.revokedAt,
      };
    }
  }
}
