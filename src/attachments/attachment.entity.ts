import { Column, Entity, Index, JoinColumn, ManyToOne, type Relation } from 'typeorm';
import { isApiKey, type Actor } from '../core/context/principal.js';
import { TenantScopedEntity } from '../core/database/tenant-scoped.entity.js';
import type { SubjectRef } from '../core/http/pages/subjects.js';
import { Tenant } from '../tenants/tenant.entity.js';
import { UserProfile } from '../users/user-profile.entity.js';

/** Maximum size of a file: 10 MiB. */
export const LARGEST_MIB = 10;
export const LARGEST = LARGEST_MIB * 1024 * 1024;

/** How many files a row may have. */
export const MOST = 20;

/** What an uploaded file is, besides its bytes. */
export interface FileFacts {
  /** 1 to 200 characters. */
  name: string;
  /** Bytes. */
  size: number;
  /** Of the storage. */
  key: string;
}

/** What tells whose file it is. */
export interface Attached {
  /** Null: an API key added it. */
  authorId: string | null;
  createdBy: string | null;
}

/** A file that somebody added to a row of the organisation (`subjects`). Its bytes never change. */
@Entity('attachment')
// Partial indexes, which TypeORM cannot declare: created by the migration.
@Index('idx_attachment_of_subject', { synchronize: false })
@Index('idx_attachment_author_id', { synchronize: false })
@Index('idx_attachment_deleted', { synchronize: false })
export class Attachment extends TenantScopedEntity implements Attached {
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

  @Column({ type: 'varchar', length: 200, update: false }) name: string;
  @Column({ type: 'integer', update: false }) sizeBytes: number;
  @Column({ type: 'varchar', length: 100, unique: true, update: false }) fileKey: string;

  static by(actor: Actor, { kind, id }: SubjectRef, { name, size, key }: FileFacts): Attachment {
    const author = isApiKey(actor)
      ? { authorId: null, keyName: actor.name }
      : { authorId: actor.profileId, keyName: null };
    const file = { name, sizeBytes: size, fileKey: key };
    return Object.assign(new Attachment(), { subject: kind, subjectId: id, ...file, ...author });
  }

  get ref(): SubjectRef {
    return { kind: this.subject, id: this.subjectId };
  }
}

/** Whether this actor may delete it: who added it, and every admin. */
export function mayDelete(actor: Actor, { authorId, createdBy }: Attached): boolean {
  if (isApiKey(actor)) return authorId === null && createdBy === actor.keyId;
  return authorId === actor.profileId || actor.role === 'admin';
}
