import { Injectable } from '@nestjs/common';
import { inBatches } from '../../core/database/tenant-rows.js';
import type { ExportSource } from '../../core/features/feature.js';
import { InvitationsRepository } from './invitations.repository.js';

/** Everybody the organisation ever invited. */
@Injectable()
export class InvitationsExport implements ExportSource {
  constructor(private readonly invitations: InvitationsRepository) {}

  async *rows() {
    for await (const row of inBatches((after, limit) => this.invitations.all(after, limit))) {
      const { id, email, role, state, createdAt, expiresAt } = row;
      yield { id, email, role, state, created_at: createdAt, expires_at: expiresAt };
    }
  }
}
