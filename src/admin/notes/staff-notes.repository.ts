import { Injectable } from '@nestjs/common';
import { staffRole } from '../../core/database/privileged/staff.role.js';
import { UnitOfWork } from '../../core/database/unit-of-work.js';

export interface StaffNote {
  id: string;
  tenantId: string;
  authorId: string;
  /** Address of the author, as it is now; null when the account is gone. */
  author: string | null;
  text: string;
  createdAt: Date;
  editedAt: Date | null;
  version: number;
}

/** A note at the version that somebody has seen. */
type Seen = Pick<StaffNote, 'tenantId' | 'id' | 'version'>;

const NOTE = `SELECT n.id, n.tenant_id AS "tenantId", n.author_id AS "authorId", u.email AS author,
    n.text, n.created_at AS "createdAt", n.edited_at AS "editedAt", n.version
  FROM staff_note n LEFT JOIN users u ON u.id = n.author_id`;

/** Notes of staff on organisations. */
@Injectable()
export class StaffNotesRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Latest first, all of them: there are `MOST_NOTES` at most. */
  of(tenantId: string): Promise<StaffNote[]> {
    return this.unitOfWork.read<StaffNote>(
      {
        name: 'staff-notes',
        text: `${NOTE} WHERE n.tenant_id = $1 ORDER BY n.created_at DESC, n.id DESC`,
        values: [tenantId],
      },
      staffRole,
    );
  }

  async find(tenantId: string, id: string): Promise<StaffNote | null> {
    const [note] = await this.unitOfWork.read<StaffNote>(
      {
        name: 'staff-note',
        text: `${NOTE} WHERE n.tenant_id = $1 AND n.id = $2`,
        values: [tenantId, id],
      },
      staffRole,
    );
    return note ?? null;
  }

  /** False where the organisation has as many as it may have. */
  async add(note: Pick<StaffNote, 'tenantId' | 'authorId' | 'text'>, most: number) {
    // Of those written at once each counts the ones before.
    await this.unitOfWork.lock(`notes ${note.tenantId}`);
    const added = await this.unitOfWork.execute(
      `INSERT INTO staff_note (tenant_id, author_id, text)
       SELECT $1, $2, $3 WHERE (SELECT count(*) FROM staff_note WHERE tenant_id = $1) < $4`,
      [note.tenantId, note.authorId, note.text, most],
    );
    return added > 0;
  }

  /** False where it has another version by now, or is gone. */
  async change({ tenantId, id, version }: Seen, text: string) {
    const changed = await this.unitOfWork.execute(
      `UPDATE staff_note SET text = $4, edited_at = now(), version = version + 1
       WHERE tenant_id = $1 AND id = $2 AND version = $3`,
      [tenantId, id, version, text],
    );
    return changed > 0;
  }

  async delete({ tenantId, id }: Pick<StaffNote, 'tenantId' | 'id'>): Promise<boolean> {
    const deleted = await this.unitOfWork.execute(
      'DELETE FROM staff_note WHERE tenant_id = $1 AND id = $2',
      [tenantId, id],
    );
    return deleted > 0;
  }
}
