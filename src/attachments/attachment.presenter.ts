import type { Actor } from '../core/context/principal.js';
import type { SubjectRef } from '../core/http/pages/subjects.js';
import type { TextKey } from '../core/i18n/text-keys.js';
import { mayDelete } from '../tenants/contribution.entity.js';
import { LARGEST_MIB, MOST } from './attachment.entity.js';
import type { AttachmentRow } from './attachments.repository.js';
import { fileFields } from './file-fields.js';

/**
 * The files of a row as people see them: first its fields with the file of each, then the others.
 * @param typed what a refused form says that the file is
 */
export function presentAttachments(
  ref: SubjectRef,
  rows: readonly AttachmentRow[],
  actor: Actor,
  typed?: string,
) {
  const fields = fileFields(ref.kind).map(({ name, label }) => {
    return { name, label, row: rows.find(({ field }) => field === name) };
  });
  const isOther = (row: AttachmentRow) => !fields.some(({ name }) => name === row.field);
  const others = rows.filter(isOther).map((row) => presentAttachment(row, actor));
  const hasRoom = rows.length < MOST;
  // Whoever may not delete what a field has does not replace it.
  const open = fields.filter(({ row }) => (row ? mayDelete(actor, row) : hasRoom));
  const places = open.map(({ name, label }): Place => ({ value: name, label }));
  const other: Place[] = hasRoom ? [{ value: '', label: 'attachments.add.other_file' }] : [];
  return {
    fields: fields.map(({ label, row }) => ({
      label,
      attachment: row ? presentAttachment(row, actor) : null,
    })),
    attachments: others,
    action: attachmentsPath(ref),
    places: fields.length === 0 ? [] : [...places, ...other],
    chosen: typed ?? open.find(({ row }) => !row)?.name ?? '',
    hasRoom: hasRoom || places.length > 0,
    limits: { files: MOST, mib: LARGEST_MIB },
  };
}

/** What a new file may be. */
interface Place {
  /** Name of the field; blank: another file. */
  value: string;
  label: TextKey;
}

function presentAttachment(row: AttachmentRow, actor: Actor) {
  const { id, name, sizeBytes, authorName, createdAt } = row;
  return { id, name, sizeBytes, authorName, createdAt, mayDelete: mayDelete(actor, row) };
}

/** Path of the files of a row, and of the form that adds one. */
export function attachmentsPath({ kind, id }: SubjectRef): string {
  return `/attachments/on/${kind}/${id}/`;
}
