import { Column, Entity, Index, VersionColumn } from 'typeorm';
import type { Actor } from '../core/context/principal.js';
import { requireSeen, type SeenVersions } from '../core/database/version.js';
import type { SubjectRef } from '../core/http/pages/subjects.js';
import { Contribution } from '../tenants/contribution.entity.js';

/** Maximum number of characters. */
export const LONGEST = 4_000;

/** What somebody says about a row of the organisation (`subjects`). */
@Entity('comment')
// Partial indexes, which TypeORM cannot declare: created by the migration.
@Index('idx_comment_of_subject', { synchronize: false })
@Index('idx_comment_author_id', { synchronize: false })
export class Comment extends Contribution {
  /** 1 to 4,000 characters; lines end in `\n`. */
  @Column('varchar', { length: LONGEST }) text: string;
  /** Null: as it was written. */
  @Column('timestamptz', { nullable: true }) editedAt: Date | null;

  /** Optimistic lock: incremented by every change. */
  @VersionColumn() version: number;

  static of(actor: Actor, subject: SubjectRef, text: string): Comment {
    return Object.assign(new Comment().by(actor, subject), { text });
  }

  /** @throws DomainError `stale` when changed since these versions */
  change(text: string, at: Date, seen: SeenVersions): void {
    this.requireSeen(seen);
    if (text === this.text) return;
    this.text = text;
    this.editedAt = at;
  }

  /** @throws DomainError `stale` when changed since these versions */
  requireSeen(seen: SeenVersions): void {
    requireSeen(this, seen, 'comments.errors.stale');
  }
}
