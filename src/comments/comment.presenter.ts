import type { Actor } from '../core/context/principal.js';
import type { ListPage } from '../core/database/keyset.js';
import { pathWith } from '../core/http/pages/path-with.js';
import { initialsOf, mediaUrl } from '../core/http/pages/shell-builder.js';
import type { SubjectRef } from '../core/http/pages/subjects.js';
import { isBy, mayDelete } from '../tenants/contribution.entity.js';
import type { CommentRow } from './comments.repository.js';

/** A comment as people see it. */
export function presentComment(row: CommentRow, actor: Actor) {
  const { id, text, createdAt, editedAt, authorId, avatarKey, version } = row;
  const name = row.name ?? '';
  return {
    id,
    text,
    name,
    /** Whether an API key wrote it. */
    isByKey: authorId === null,
    url: mediaUrl(avatarKey),
    initials: initialsOf(name),
    createdAt,
    editedAt,
    version,
    mayChange: isBy(actor, row),
    mayDelete: mayDelete(actor, row),
  };
}

/** A page of a discussion, which people read from its oldest comment to its latest. */
export function presentDiscussion(
  ref: SubjectRef,
  { items, previous, next }: ListPage<CommentRow>,
  actor: Actor,
) {
  return {
    comments: items.map((row) => presentComment(row, actor)).reverse(),
    action: discussionPath(ref),
    earlierUrl: next && discussionPath(ref, next),
    laterUrl: previous && discussionPath(ref, previous),
  };
}

/** Path of the comments on a row, page by page. */
export function discussionPath({ kind, id }: SubjectRef, cursor?: string | null): string {
  return pathWith(`/comments/on/${kind}/${id}/`, { page: cursor ?? undefined });
}
