import type { Actor } from '../core/context/principal.js';
import type { SubjectRef } from '../core/http/pages/subjects.js';
import { mayDelete } from '../tenants/contribution.entity.js';
import { LARGEST_MIB, MOST } from './attachment.entity.js';
import type { AttachmentRow } from './attachments.repository.js';

/** The files of a row as people see them. */
export function presentAttachments(ref: SubjectRef, rows: readonly AttachmentRow[], actor: Actor) {
  return {
    attachments: rows.map((row) => presentAttachment(row, actor)),
    action: attachmentsPath(ref),
    hasRoom: rows.length < MOST,
    limits: { files: MOST, mib: LARGEST_MIB },
  };
}

function presentAttachment(row: AttachmentRow, actor: Actor) {
  const { id, name, sizeBytes, authorName, createdAt } = row;
  return { id, name, sizeBytes, authorName, createdAt, mayDelete: mayDelete(actor, row) };
}

/** Path of the files of a row, and of the form that adds one. */
export function attachmentsPath({ kind, id }: SubjectRef): string {
  return `/attachments/on/${kind}/${id}/`;
}
