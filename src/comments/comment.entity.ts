import {
  Column,
  Entity,
  Index,
  JoinColumn,
  ManyToOne,
  VersionColumn,
  type Relation,
} from 'typeorm';
import { isApiKey, type Actor } from '../core/context/principal.js';
import { TenantScopedEntity } from '../core/database/tenant-scoped.entity.js';
import { requireSeen, type SeenVersions } from '../core/database/version.js';
import type { SubjectRef } from '../core/http/pages/subjects.js';
import { Tenant } from '../tenants/tenant.entity.js';
import { UserProfile } from '../users/user-profile.entity.js';

/** Maximum number of characters. */
export const LONGEST = 4_000;

/** What tells whose comment it is. */
export interface Authored {
  /** Null: an API key wrote it. */
  authorId: string | null;
  createdBy: string | null;
}

/** What somebody says about a row of the organisation (`subjects`). */
@Entity('comment')
// Partial indexes, which TypeORM cannot declare: created by the migration.
@Index('idx_comment_of_subject', { synchronize: false })
@Index('idx_comment_author_id', { synchronize: false })
export class Comment extends TenantScopedEntity implements Authored {
  @ManyToOne(() => Tenant)
  @JoinColumn()
  tenant: Relation<Tenant>;

  /** Table and id of the row. */
  @Column({ type: 'varchar', length: 60, update: false }) subject: string;
  @Column({ type: 'uuid', update: false }) subjectId: string;

  @Column({ type: 'uuid', nullable: true, update: false }) authorId: string | null;
  @ManyToOne(() => UserProfile)
  @JoinColumn([
    { name: 'tenant_id', referencedColumnName: 'tenantId' },
    { name: 'author_id', referencedColumnName: 'id' },
  ])
  author: Relation<UserProfile> | null;
  /** Of an API key: its name at that time. */
  @Column({ type: 'varchar', length: 100, nullable: true, update: false }) keyName: string | null;

  /** 1 to 4,000 characters; lines end in `\n`. */
  @Column('varchar', { length: LONGEST }) text: string;
  /** Null: as it was written. */
  @Column('timestamptz', { nullable: true }) editedAt: Date | null;

  /** Optimistic lock: incremented by every change. */
  @VersionColumn() version: number;

  static by(actor: Actor, { kind, id }: SubjectRef, text: string): Comment {
    const author = isApiKey(actor)
      ? { authorId: null, keyName: actor.name }
      : { authorId: actor.profileId, keyName: null };
    return Object.assign(new Comment(), { subject: kind, subjectId: id, text, ...author });
  }

  get ref(): SubjectRef {
    return { kind: this.subject, id: this.subjectId };
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

/** Whether this actor wrote it. */
export function isBy(actor: Actor, { authorId, createdBy }: Authored): boolean {
  return isApiKey(actor)
    ? authorId === null && createdBy === actor.keyId
    : authorId === actor.profileId;
}

/** Whether this actor may delete it: who wrote it, and every admin. */
export function mayDelete(actor: Actor, comment: Authored): boolean {
  return isBy(actor, comment) || (!isApiKey(actor) && actor.role === 'admin');
}
