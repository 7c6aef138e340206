import { Injectable } from '@nestjs/common';
import { AuditTrail } from '../../audit/audit-trail.service.js';
import type { Principal } from '../../core/context/principal.js';
import { staffRole } from '../../core/database/privileged/staff.role.js';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import { DomainError } from '../../core/errors/domain-error.js';
import type { AuditAction } from '../../core/features/names.js';
import { StaffNotesRepository, type StaffNote } from './staff-notes.repository.js';

/** Notes that an organisation may have. */
export const MOST_NOTES = 200;

/** Who may do what with a note: its author changes it, its author and superusers delete it. */
export function mayChange(me: Principal, note: StaffNote): boolean {
  return note.authorId === me.userId;
}

export function mayDelete(me: Principal, note: StaffNote): boolean {
  return me.isSuperuser || mayChange(me, note);
}

/** Notes of staff on an organisation. The trail of the operator says who wrote when, never what. */
@Injectable()
export class StaffNotesService {
  constructor(
    private readonly notes: StaffNotesRepository,
    private readonly audit: AuditTrail,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  of(tenantId: string): Promise<StaffNote[]> {
    return this.notes.of(tenantId);
  }

  /** @throws DomainError `not_found` */
  async get(tenantId: string, id: string): Promise<StaffNote> {
    const note = await this.notes.find(tenantId, id);
    if (!note) throw new DomainError('not_found', 'errors.not_found');
    return note;
  }

  /** @throws DomainError `conflict` where there are as many as there may be */
  async add(me: Principal, tenantId: string, text: string): Promise<void> {
    await this.write('staff_note.added', tenantId, async () => {
      const note = { tenantId, authorId: me.userId, text };
      if (await this.notes.add(note, MOST_NOTES)) return;
      throw new DomainError('conflict', 'admin.notes.errors.too_many', {
        args: { count: MOST_NOTES },
      });
    });
  }

  /** @throws DomainError `forbidden`; `stale` where it has another version by now */
  async change(me: Principal, note: StaffNote, text: string, version: number): Promise<void> {
    if (!mayChange(me, note)) throw new DomainError('forbidden', 'admin.notes.errors.not_yours');
    if (note.text === text && note.version === version) return;
    await this.write('staff_note.changed', note.tenantId, async () => {
      if (await this.notes.change({ ...note, version }, text)) return;
      throw new DomainError('stale', 'errors.stale');
    });
  }

  /** @throws DomainError `forbidden` */
  async delete(me: Principal, note: StaffNote): Promise<void> {
    if (!mayDelete(me, note)) throw new DomainError('forbidden', 'admin.notes.errors.not_yours');
    await this.write('staff_note.deleted', note.tenantId, async () => {
      if (await this.notes.delete(note)) return;
      throw new DomainError('not_found', 'errors.not_found');
    });
  }

  /** The organisation is not named: its name goes with it, the trail of the operator stays. */
  private async write(action: AuditAction, tenantId: string, work: () => Promise<void>) {
    await this.unitOfWork.run(async () => {
      await this.unitOfWork.runAs(staffRole, work);
      const subject = { kind: 'tenant', id: tenantId, name: null };
      await this.audit.record({ action, subject, tenantId: null });
    });
  }
}
