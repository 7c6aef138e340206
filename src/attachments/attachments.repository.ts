import { Injectable } from '@nestjs/common';
import { retentionRole } from '../core/database/privileged/retention.role.js';
import { TenantScopedRepository } from '../core/database/tenant-scoped.repository.js';
import { UnitOfWork } from '../core/database/unit-of-work.js';
import type { SubjectRef } from '../core/http/pages/subjects.js';
import type { Contributed } from '../tenants/contribution.entity.js';
import { Attachment } from './attachment.entity.js';

/** A file with what people see of who added it. */
export interface AttachmentRow extends Contributed {
  id: string;
  subject: string;
  subjectId: string;
  /** Of the file. */
  name: string;
  sizeBytes: number;
  fileKey: string;
  /** The field of the row that it is. */
  field: string | null;
  /** Of a person the display name, else the e-mail address; of an API key its name. */
  authorName: string | null;
  createdAt: Date;
}

const COLUMNS = `a.id, a.subject, a.subject_id AS "subjectId", a.name, a.size_bytes AS "sizeBytes",
  a.file_key AS "fileKey", a.field, a.author_id AS "authorId", a.created_by AS "createdBy",
  coalesce(p.display_name, u.email, a.key_name) AS "authorName", a.created_at AS "createdAt"`;

const AUTHORS = `LEFT JOIN user_profile p ON p.id = a.author_id AND p.tenant_id = a.tenant_id
  LEFT JOIN users u ON u.id = p.user_id`;

/** Rows a statement removes at most. */
const BATCH = 1_000;

@Injectable()
export class AttachmentsRepository extends TenantScopedRepository<Attachment> {
  protected override readonly unique = {
    uq_attachment_field: { field: 'field', key: 'attachments.errors.field_taken' },
  } as const;

  constructor(unitOfWork: UnitOfWork) {
    super(unitOfWork, Attachment);
  }

  /** All of a row, in the order in which they were added. */
  of({ kind, id }: SubjectRef): Promise<AttachmentRow[]> {
    return this.read<AttachmentRow>({
      name: 'attachments',
      text: `SELECT ${COLUMNS} FROM attachment a ${AUTHORS}
        WHERE a.tenant_id = (SELECT app_tenant_id()) AND a.subject = $1 AND a.subject_id = $2
          AND a.deleted_at IS NULL
        ORDER BY a.created_at, a.id`,
      values: [kind, id],
    });
  }

  /** Null where there is none, or it is deleted. */
  async find(id: string): Promise<AttachmentRow | null> {
    const [row] = await this.read<AttachmentRow>({
      name: 'attachment',
      text: `SELECT ${COLUMNS} FROM attachment a ${AUTHORS}
        WHERE a.tenant_id = app_tenant_id() AND a.id = $1 AND a.deleted_at IS NULL`,
      values: [id],
    });
    return row ?? null;
  }

  /** The file that a field of a row is; null where it has none. */
  async inField({ kind, id }: SubjectRef, field: string): Promise<AttachmentRow | null> {
    const [row] = await this.read<AttachmentRow>({
      name: 'attachment-in-field',
      text: `SELECT ${COLUMNS} FROM attachment a ${AUTHORS}
        WHERE a.tenant_id = app_tenant_id() AND a.subject = $1 AND a.subject_id = $2 AND a.field = $3
          AND a.deleted_at IS NULL`,
      values: [kind, id, field],
    });
    return row ?? null;
  }

  /** How many files a row has. */
  async countOf({ kind, id }: SubjectRef): Promise<number> {
    const [row] = await this.read<{ count: number }>({
      name: 'attachments-count',
      text: `SELECT count(*)::int AS count FROM attachment a
        WHERE a.tenant_id = app_tenant_id() AND a.subject = $1 AND a.subject_id = $2
          AND a.deleted_at IS NULL`,
      values: [kind, id],
    });
    return row!.count;
  }

  /** Those of the keys that belong to a file of any organisation. */
  async filesAmong(keys: string[]): Promise<string[]> {
    const rows = await this.unitOfWork.read<{ key: string }>(
      {
        name: 'attachments-among',
        text: 'SELECT file_key AS key FROM attachment WHERE file_key = ANY ($1)',
        values: [keys],
      },
      retentionRole,
    );
    return rows.map(({ key }) => key);
  }

  /** Removes the next rows that were deleted 30 days ago. Returns the keys of their files. */
  async removeDeleted(): Promise<string[]> {
    const removed = await this.unitOfWork.runAs(retentionRole, () =>
      this.unitOfWork.query<{ key: string }>(`DELETE FROM attachment WHERE id IN (
          SELECT id FROM attachment WHERE deleted_at < now() - interval '30 days'
          ORDER BY deleted_at LIMIT ${BATCH})
        RETURNING file_key AS key`),
    );
    return removed.map(({ key }) => key);
  }
}
