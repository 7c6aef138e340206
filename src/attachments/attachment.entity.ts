import { Column, Entity, Index } from 'typeorm';
import type { Actor } from '../core/context/principal.js';
import type { SubjectRef } from '../core/http/pages/subjects.js';
import { Contribution } from '../tenants/contribution.entity.js';

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
  /** The field of the row that it is, as the feature of the row declares it; null: any other file. */
  field: string | null;
}

/** A file that somebody added to a row of the organisation (`subjects`). Its bytes never change. */
@Entity('attachment')
// Partial indexes, which TypeORM cannot declare: created by the migration.
@Index('idx_attachment_of_subject', { synchronize: false })
@Index('idx_attachment_author_id', { synchronize: false })
@Index('idx_attachment_deleted', { synchronize: false })
@Index('uq_attachment_field', { synchronize: false })
export class Attachment extends Contribution {
  @Column({ type: 'varchar', length: 200, update: false }) name: string;
  @Column({ type: 'integer', update: false }) sizeBytes: number;
  @Column({ type: 'varchar', length: 100, unique: true, update: false }) fileKey: string;
  /** What it is of the row (`files` of `subjects`): one file at a time. */
  @Column({ type: 'varchar', length: 60, nullable: true, update: false }) field: string | null;

  static of(actor: Actor, subject: SubjectRef, { name, size, key, field }: FileFacts): Attachment {
    const file = { name, sizeBytes: size, fileKey: key, field };
    return Object.assign(new Attachment().by(actor, subject), file);
  }
}
