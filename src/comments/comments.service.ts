import { Injectable } from '@nestjs/common';
import type { AuditChanges } from '../audit/audit-entry.entity.js';
import { AuditTrail } from '../audit/audit-trail.service.js';
import { isApiKey, personOf, type Actor } from '../core/context/principal.js';
import type { ListPage } from '../core/database/keyset.js';
import { UnitOfWork } from '../core/database/unit-of-work.js';
import type { SeenVersions } from '../core/database/version.js';
import { DomainError } from '../core/errors/domain-error.js';
import type { AuditAction } from '../core/features/names.js';
import { declared } from '../core/features/registry.js';
import { Subjects, type Subject, type SubjectRef } from '../core/http/pages/subjects.js';
import { Notifications } from '../notifications/notifications.service.js';
import { isBy, mayDelete, mayRestore } from '../tenants/contribution.entity.js';
import { Comment } from './comment.entity.js';
import { CommentsRepository, type CommentRow, type CommentsQuery } from './comments.repository.js';

/** The name of the card, by which features say that their rows have comments. */
export const COMMENTS = 'comments';

/** How many are on one page, and on the page of the row. */
export const SHOWN = 50;

/**
 * Comments on rows of other features. Who may read the row reads and writes them; its author changes one, its author and
 * admins delete it. To others the comment is "not found", as the row is.
 */
@Injectable()
export class CommentsService {
  constructor(
    private readonly comments: CommentsRepository,
    private readonly subjects: Subjects,
    private readonly audit: AuditTrail,
    private readonly notifications: Notifications,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /** The row that comments are about. @throws DomainError `not_found` */
  subject(actor: Actor, ref: SubjectRef): Promise<Subject> {
    return this.subjects.get(actor, ref, COMMENTS);
  }

  /** Of a row that whoever asks has been found to read. @throws DomainError `malformed` */
  listed(ref: SubjectRef, query: CommentsQuery): Promise<ListPage<CommentRow>> {
    return this.comments.listed(ref, query);
  }

  /** @throws DomainError `not_found` */
  async get(actor: Actor, id: string): Promise<{ comment: CommentRow; subject: Subject }> {
    const comment = await this.comments.find(id);
    if (!comment) throw new DomainError('not_found', 'errors.not_found');
    const ref = { kind: comment.subject, id: comment.subjectId };
    return { comment, subject: await this.subject(actor, ref) };
  }

  /** @throws DomainError `not_found`, and `forbidden` for who did not write it */
  async getOwn(actor: Actor, id: string): Promise<{ comment: CommentRow; subject: Subject }> {
    const found = await this.get(actor, id);
    if (!isBy(actor, found.comment)) throw forbidden();
    return found;
  }

  /** The cursor of the page on which the comment is; null for the page of the row. */
  pageOf(comment: CommentRow): Promise<string | null> {
    return this.comments.pageOf(comment, SHOWN);
  }

  /** Tells those who take part. @throws DomainError `not_found` */
  add(actor: Actor, ref: SubjectRef, text: string): Promise<CommentRow> {
    return this.unitOfWork.run(async () => {
      const subject = await this.subjects.hold(actor, ref, COMMENTS);
      const { id } = await this.comments.add(Comment.of(actor, subject, text));
      await this.tell(actor, subject, id);
      await this.record('comment.created', subject);
      return this.written(id);
    });
  }

  /** @throws DomainError `not_found`, `forbidden`, `stale` */
  change(actor: Actor, id: string, text?: string, seen?: SeenVersions): Promise<CommentRow> {
    return this.unitOfWork.run(async () => {
      const { comment, subject } = await this.locked(actor, id);
      if (!isBy(actor, comment)) throw forbidden();
      const before = comment.text;
      comment.change(text ?? before, new Date(), seen);
      await this.comments.save(comment);
      if (comment.text !== before) await this.record('comment.changed', subject);
      return this.written(id);
    });
  }

  /** Soft deletion; `restore` undoes it. @throws DomainError `not_found`, `forbidden`, `stale` */
  delete(actor: Actor, id: string, seen?: SeenVersions): Promise<Subject> {
    return this.unitOfWork.run(async () => {
      const { comment, subject } = await this.locked(actor, id);
      if (!mayDelete(actor, comment)) throw forbidden();
      comment.requireSeen(seen);
      await this.comments.softDelete(id);
      const author = whose(actor, comment);
      await this.record('comment.deleted', subject, changed(author, null));
      return subject;
    });
  }

  /** By who deleted it, or an admin. @throws DomainError `not_found`, `forbidden` */
  restore(actor: Actor, id: string): Promise<{ comment: CommentRow; subject: Subject }> {
    return this.unitOfWork.run(async () => {
      const { comment, subject } = await this.locked(actor, id, { evenDeleted: true });
      if (!mayDelete(actor, comment)) throw forbidden();
      if (comment.deletedAt) {
        if (!mayRestore(actor, comment)) throw forbidden();
        await this.comments.restore(comment);
        const author = whose(actor, comment);
        await this.record('comment.restored', subject, changed(null, author));
      }
      return { comment: await this.written(id), subject };
    });
  }

  private async locked(actor: Actor, id: string, which?: { evenDeleted: boolean }) {
    const comment = await this.comments.lock(id, which);
    return { comment, subject: await this.subjects.hold(actor, comment.ref, COMMENTS) };
  }

  private async written(id: string): Promise<CommentRow> {
    return (await this.comments.find(id))!;
  }

  private async tell(actor: Actor, subject: Subject, id: string): Promise<void> {
    const { kind, title } = subject;
    const readers = declared('permissions', 'comments:read').roles;
    const roles = this.subjects.rolesOf(kind).filter((role) => readers.includes(role));
    const participants = await this.comments.participants(subject, roles);
    const people = participants.filter((userId) => this.subjects.isOnFor(kind, userId));
    const data = { name: nameOf(actor), title, id };
    await this.notifications.tell({ people, except: personOf(actor) }, 'comment.created', data);
  }

  /** Of the row, so that it stands among what happened to that. What people wrote is not repeated in the trail. */
  private record(action: AuditAction, subject: Subject, changes: AuditChanges | null = null) {
    const { kind, id, title: name } = subject;
    return this.audit.record({ action, subject: { kind, id, name }, changes });
  }
}

/** The member whose comment somebody else deletes or restores. */
function whose(actor: Actor, comment: Comment): string | null {
  return isBy(actor, comment) ? null : comment.authorId;
}

function changed(from: string | null, to: string | null): AuditChanges | null {
  return from || to ? { comment_author: { from, to } } : null;
}

function nameOf(actor: Actor): string {
  return isApiKey(actor) ? actor.name : (actor.displayName ?? actor.email);
}

function forbidden(): DomainError {
  return new DomainError('forbidden', 'comments.errors.not_yours');
}
