import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DataParts, inBatches } from '../tenants/export/data-parts.js';
import { InvitationsRepository } from './invitations/invitations.repository.js';
import { MembersRepository } from './members.repository.js';

/** The members of the organisation, and everybody it ever invited. */
@Injectable()
export class PeopleDataParts implements OnModuleInit {
  constructor(
    private readonly parts: DataParts,
    private readonly members: MembersRepository,
    private readonly invitations: InvitationsRepository,
  ) {}

  onModuleInit(): void {
    this.parts.register({
      name: 'members',
      columns: ['id', 'display_name', 'email', 'role', 'is_active', 'joined_at', 'revoked_at'],
      rows: () => this.people(),
    });
    this.parts.register({
      name: 'invitations',
      columns: ['id', 'email', 'role', 'state', 'created_at', 'expires_at'],
      rows: () => this.asked(),
    });
  }

  private async *people() {
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

  private async *asked() {
    for await (const row of inBatches((after, limit) => this.invitations.all(after, limit))) {
      const { id, email, role, state, createdAt, expiresAt } = row;
      yield { id, email, role, state, created_at: createdAt, expires_at: expiresAt };
    }
  }
}
