import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import type { AuditChanges } from '../audit/audit-entry.entity.js';
import { AuditTrail } from '../audit/audit-trail.service.js';
import type { Actor } from '../core/context/principal.js';
import { UnitOfWork } from '../core/database/unit-of-work.js';
import { untilNone } from '../core/database/until-none.js';
import { DomainError } from '../core/errors/domain-error.js';
import type { AuditAction } from '../core/features/names.js';
import { Subjects, type Subject, type SubjectRef } from '../core/http/pages/subjects.js';
import { cleanFileName } from '../core/http/uploads/file-names.js';
import type { UploadedFile } from '../core/http/uploads/upload.js';
import { JobQueue } from '../core/jobs/job-queue.js';
import { DAY } from '../core/jobs/queues.js';
import { RecurringJobs } from '../core/jobs/recurring-jobs.js';
import { Files } from '../core/storage/files.js';
import type { StoredFile } from '../core/storage/object-storage.js';
import { StorageGarbageCollector } from '../core/storage/storage-garbage-collector.js';
import { mayDelete, mayRestore } from '../tenants/contribution.entity.js';
import { Attachment, LARGEST, LARGEST_MIB, MOST } from './attachment.entity.js';
import { AttachmentsRepository, type AttachmentRow } from './attachments.repository.js';
import { ATTACHMENTS, fileFields } from './file-fields.js';

/**
 * Files of rows of other features. Who may read the row reads and adds them; who added one deletes it, and so do admins.
 * To others the file is "not found", as the row is.
 */
@Injectable()
export class AttachmentsService implements OnModuleInit {
  private readonly log = new Logger('Attachments');

  constructor(
    private readonly attachments: AttachmentsRepository,
    private readonly subjects: Subjects,
    private readonly files: Files,
    private readonly garbage: StorageGarbageCollector,
    private readonly audit: AuditTrail,
    private readonly jobs: JobQueue,
    private readonly recurring: RecurringJobs,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  onModuleInit(): void {
    this.garbage.ownedBy('attachment', (keys) => this.attachments.filesAmong(keys));
    this.jobs.handle('attachment_retention', () => this.removeDeleted());
    this.recurring.every(DAY, 'attachment_retention');
  }

  /** The row that files belong to. @throws DomainError `not_found` */
  subject(actor: Actor, ref: SubjectRef): Promise<Subject> {
    return this.subjects.get(actor, ref, ATTACHMENTS);
  }

  /** The row of a file, even of a deleted one. @throws DomainError `not_found` */
  async subjectOf(actor: Actor, id: string): Promise<Subject> {
    const [attachment] = await this.unitOfWork.run(() => this.attachments.many([id]));
    if (!attachment) throw notFound();
    return this.subject(actor, attachment.ref);
  }

  /** Of a row that whoever asks has been found to read. */
  listed(ref: SubjectRef): Promise<AttachmentRow[]> {
    return this.attachments.of(ref);
  }

  /** @throws DomainError `not_found` */
  async get(actor: Actor, id: string): Promise<AttachmentRow> {
    return (await this.found(actor, id)).attachment;
  }

  /** `file` is null where the storage has lost it. @throws DomainError `not_found`, `unavailable` */
  async open(
    actor: Actor,
    id: string,
  ): Promise<{ name: string; file: StoredFile | null; subject: Subject }> {
    const { attachment, subject } = await this.found(actor, id);
    const { name, fileKey } = attachment;
    return { name, file: await this.files.open(fileKey), subject };
  }

  /**
   * Adds a file, as the `field` of the row or any other; one that the field has already is deleted.
   * @throws DomainError `not_found`, `invalid` at `file` or `field`, `unavailable`
   */
  async add(
    actor: Actor,
    ref: SubjectRef,
    file: UploadedFile | null,
    field: string | null,
  ): Promise<{ attachment: AttachmentRow; replaced: AttachmentRow | null }> {
    // Nothing is stored for a row that is not there, or has enough.
    const subject = await this.subject(actor, ref);
    if (field !== null && !fileFields(ref.kind).some(({ name }) => name === field)) {
      throw invalid('validation.choice', {}, 'field');
    }
    if (!file) throw invalid('validation.required');
    if (file.size === 0) throw invalid('attachments.errors.empty');
    if (file.size > LARGEST) throw invalid('attachments.errors.too_large', { max: LARGEST_MIB });
    await this.requirePlace(actor, subject, field);
    const name = cleanFileName(file.name);
    return this.files.storeFor('attachment', file.path, (key) =>
      this.unitOfWork.run(async () => {
        const held = await this.subjects.hold(actor, ref, ATTACHMENTS, 'alone');
        const before = await this.requirePlace(actor, held, field);
        if (before) await this.attachments.softDelete(before.id);
        const row = Attachment.of(actor, held, { name, size: file.size, key, field });
        const { id } = await this.attachments.add(row);
        const action = before ? 'attachment.replaced' : 'attachment.created';
        await this.record(action, held, { attachment: { from: before?.name ?? null, to: name } });
        return { attachment: (await this.attachments.find(id))!, replaced: before };
      }),
    );
  }

  /** Soft deletion; `restore` undoes it for 30 days. @throws DomainError `not_found`, `forbidden` */
  delete(actor: Actor, id: string): Promise<{ name: string; subject: Subject }> {
    return this.unitOfWork.run(async () => {
      const attachment = await this.attachments.lock(id);
      const subject = await this.subjects.hold(actor, attachment.ref, ATTACHMENTS);
      if (!mayDelete(actor, attachment)) throw forbidden();
      const { name } = await this.attachments.softDelete(id);
      await this.record('attachment.deleted', subject, { attachment: { from: name, to: null } });
      return { name, subject };
    });
  }

  /**
   * By who deleted it, or an admin. While `inPlaceOf` is the file that has taken its place, that one is deleted for it.
   * @throws DomainError `not_found`, `forbidden`, `conflict`
   */
  restore(
    actor: Actor,
    id: string,
    inPlaceOf: string | null = null,
  ): Promise<{ attachment: AttachmentRow; subject: Subject }> {
    return this.unitOfWork.run(async () => {
      const attachment = await this.attachments.lock(id, { evenDeleted: true });
      const subject = await this.subjects.hold(actor, attachment.ref, ATTACHMENTS, 'alone');
      if (!mayDelete(actor, attachment)) throw forbidden();
      if (attachment.deletedAt) {
        if (!mayRestore(actor, attachment)) throw forbidden();
        const other = inPlaceOf === null ? null : await this.inPlaceOf(actor, attachment);
        const isInstead = other !== null && other.id === inPlaceOf;
        if (isInstead) await this.attachments.softDelete(other.id);
        else if (!(await this.hasRoom(subject))) throw full();
        const { name } = await this.attachments.restore(attachment);
        const action = isInstead ? 'attachment.replaced' : 'attachment.restored';
        const from = isInstead ? other.name : null;
        await this.record(action, subject, { attachment: { from, to: name } });
      }
      return { attachment: (await this.attachments.find(id))!, subject };
    });
  }

  private async removeDeleted(): Promise<void> {
    const removed = await untilNone(async () => {
      const keys = await this.attachments.removeDeleted();
      // Not left to the collector of garbage, which refuses when there is more of it than of files.
      for (const key of keys) await this.files.remove(key);
      return keys.length;
    });
    this.log.log(`Removed ${removed} files that were deleted 30 days ago`);
  }

  private async found(actor: Actor, id: string) {
    const attachment = await this.attachments.find(id);
    if (!attachment) throw notFound();
    const ref = { kind: attachment.subject, id: attachment.subjectId };
    return { attachment, subject: await this.subject(actor, ref) };
  }

  /** The file that the new one takes the place of. @throws DomainError `invalid` */
  private async requirePlace(
    actor: Actor,
    ref: SubjectRef,
    field: string | null,
  ): Promise<AttachmentRow | null> {
    const before = field === null ? null : await this.attachments.inField(ref, field);
    if (!before) await this.requireRoom(ref);
    else if (!mayDelete(actor, before)) {
      throw invalid('attachments.errors.not_replaceable', { name: before.name }, 'field');
    }
    return before;
  }

  /** The file that has taken the place of a deleted one, if this actor may delete it. */
  private async inPlaceOf(actor: Actor, { ref, field }: Attachment): Promise<AttachmentRow | null> {
    const other = field === null ? null : await this.attachments.inField(ref, field);
    return other && mayDelete(actor, other) ? other : null;
  }

  private async requireRoom(ref: SubjectRef): Promise<void> {
    if (!(await this.hasRoom(ref))) throw invalid('attachments.errors.too_many', { max: MOST });
  }

  private async hasRoom(ref: SubjectRef): Promise<boolean> {
    return (await this.attachments.countOf(ref)) < MOST;
  }

  /** Of the row, so that it stands among what happened to that. */
  private record(action: AuditAction, { kind, id, title: name }: Subject, changes: AuditChanges) {
    return this.audit.record({ action, subject: { kind, id, name }, changes });
  }
}

function invalid(
  key: DomainError['key'],
  args: Record<string, unknown> = {},
  field: 'file' | 'field' = 'file',
): DomainError {
  return new DomainError('invalid', key, { field, args });
}

function notFound(): DomainError {
  return new DomainError('not_found', 'errors.not_found');
}

function full(): DomainError {
  return new DomainError('conflict', 'attachments.errors.too_many', { args: { max: MOST } });
}

function forbidden(): DomainError {
  return new DomainError('forbidden', 'attachments.errors.not_yours');
}
