import { Injectable } from '@nestjs/common';
import type { Role } from '../core/context/principal.js';
import {
  keysetSql,
  listPage,
  readCursor,
  type Keyed,
  type ListOrder,
  type ListPage,
} from '../core/database/keyset.js';
import { TenantScopedRepository } from '../core/database/tenant-scoped.repository.js';
import { UnitOfWork } from '../core/database/unit-of-work.js';
import type { Subject, SubjectRef } from '../core/http/pages/subjects.js';
import type { Contributed } from '../tenants/contribution.entity.js';
import { Comment } from './comment.entity.js';

/** A comment with what people see of its author. */
export interface CommentRow extends Contributed {
  id: string;
  subject: string;
  subjectId: string;
  text: string;
  /** Of a person the display name, else the e-mail address; of an API key its name. */
  name: string | null;
  avatarKey: string | null;
  createdAt: Date;
  editedAt: Date | null;
  version: number;
}

export const COMMENT_SORTS = ['oldest', 'newest'] as const;
export type CommentSort = (typeof COMMENT_SORTS)[number];

export interface CommentsQuery {
  sort: CommentSort;
  cursor: string | null;
  limit: number;
}

export const COMMENT_ORDERS: Record<CommentSort, ListOrder> = {
  oldest: { name: 'oldest', key: 'c.created_at', type: 'time', id: 'c.id' },
  newest: { name: 'newest', key: 'c.created_at', type: 'time', id: 'c.id', descending: true },
};

const COLUMNS = `c.id, c.subject, c.subject_id AS "subjectId", c.text, c.author_id AS "authorId",
  c.created_by AS "createdBy", coalesce(p.display_name, u.email, c.key_name) AS name, p.avatar AS "avatarKey",
  c.created_at AS "createdAt", c.edited_at AS "editedAt", c.version`;

const AUTHORS = `LEFT JOIN user_profile p ON p.id = c.author_id AND p.tenant_id = c.tenant_id
  LEFT JOIN users u ON u.id = p.user_id`;

@Injectable()
export class CommentsRepository extends TenantScopedRepository<Comment> {
  constructor(unitOfWork: UnitOfWork) {
    super(unitOfWork, Comment);
  }

  /** @throws DomainError `malformed` for a cursor of another order */
  async listed({ kind, id }: SubjectRef, query: CommentsQuery): Promise<ListPage<CommentRow>> {
    const { sort, cursor, limit } = query;
    const order = COMMENT_ORDERS[sort];
    const position = readCursor(order, cursor);
    const { key, from, orderBy, values } = keysetSql(order, position, 4);
    const rows = await this.read<CommentRow & Keyed>({
      name: `comments-${sort}-${position?.direction ?? 'first'}`,
      text: `SELECT ${COLUMNS}, ${key} AS key FROM comment c ${AUTHORS}
        WHERE c.tenant_id = (SELECT app_tenant_id()) AND c.subject = $1 AND c.subject_id = $2
          AND c.deleted_at IS NULL AND ${from}
        ORDER BY ${orderBy} LIMIT $3`,
      values: [kind, id, limit + 1, ...values],
    });
    return listPage(rows, order, position, limit);
  }

  /** Null where there is none, or it is deleted. */
  async find(id: string): Promise<CommentRow | null> {
    const [row] = await this.read<CommentRow>({
      name: 'comment',
      text: `SELECT ${COLUMNS} FROM comment c ${AUTHORS}
        WHERE c.tenant_id = app_tenant_id() AND c.id = $1 AND c.deleted_at IS NULL`,
      values: [id],
    });
    return row ?? null;
  }

  /** The cursor of the page, newest first, that begins with this comment; null where it is among the latest `limit`. */
  async pageOf({ subject, subjectId, id }: CommentRow, limit: number): Promise<string | null> {
    const order = COMMENT_ORDERS.newest;
    const { key } = keysetSql(order, null, 1);
    const later = await this.read<Keyed>({
      name: 'comments-later',
      text: `SELECT c.id, ${key} AS key FROM comment c
        WHERE c.tenant_id = (SELECT app_tenant_id()) AND c.subject = $1 AND c.subject_id = $2
          AND c.deleted_at IS NULL AND (c.created_at, c.id) >
            (SELECT this.created_at, this.id FROM comment this
              WHERE this.tenant_id = app_tenant_id() AND this.id = $3)
        ORDER BY c.created_at, c.id LIMIT $4`,
      values: [subject, subjectId, id, limit],
    });
    // It comes after the first of those that are later.
    return later.length < limit ? null : listPage(later, order, null, 1).next;
  }

  /** User ids of those who take part: who added the row and who has commented on it, as far as their role reads it. */
  async participants({ kind, id, createdBy }: Subject, roles: readonly Role[]): Promise<string[]> {
    const rows = await this.read<{ userId: string }>({
      name: 'comment-participants',
      text: `SELECT p.user_id AS "userId" FROM user_profile p
        WHERE p.tenant_id = (SELECT app_tenant_id()) AND p.role = ANY ($4::text[])
          AND (p.user_id = $3 OR p.id IN (SELECT c.author_id FROM comment c
            WHERE c.tenant_id = (SELECT app_tenant_id()) AND c.subject = $1 AND c.subject_id = $2
              AND c.deleted_at IS NULL))`,
      values: [kind, id, createdBy, roles],
    });
    return rows.map(({ userId }) => userId);
  }
}
