import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { AuditTrail } from '../audit/audit-trail.service.js';
import type { Principal } from '../core/context/principal.js';
import { UnitOfWork } from '../core/database/unit-of-work.js';
import { DomainError } from '../core/errors/domain-error.js';
import { JobQueue } from '../core/jobs/job-queue.js';
import { ObjectStorage } from '../core/storage/object-storage.js';
import { TenantData } from '../tenants/tenant-data.js';
import { ExportsRepository, type ExportRow } from './exports.repository.js';

export interface OpenedExport {
  stream: Readable;
  /** Bytes. */
  size: number;
  requestedAt: Date;
}

/** What admins do to take the data of their organisation home. */
@Injectable()
export class ExportsService {
  constructor(
    private readonly exports: ExportsRepository,
    private readonly data: TenantData,
    private readonly storage: ObjectStorage,
    private readonly jobs: JobQueue,
    private readonly audit: AuditTrail,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /** The latest ones. */
  list(): Promise<ExportRow[]> {
    return this.exports.latest();
  }

  /** What is in a file: the names of the parts. */
  get parts(): string[] {
    return this.data.parts.map(({ name }) => name);
  }

  /** Has a file made, by a job. @throws DomainError `conflict` while one is being made */
  async request(me: Principal): Promise<string> {
    requireAdmin(me);
    return this.unitOfWork.run(async () => {
      const id = await this.exports.start(me.displayName ?? me.email, this.data.parts.length);
      if (!id) throw new DomainError('conflict', 'exports.errors.unfinished');
      const { email, displayName: name } = me;
      await this.jobs.enqueue('tenant_export', { exportId: id, email, name });
      await this.audit.record({
        action: 'export.requested',
        subject: { kind: 'export', id, name: me.organization },
      });
      return id;
    });
  }

  /** @throws DomainError `not_found` (also for another organisation's), `gone` once its time is over */
  async open(me: Principal, id: string): Promise<OpenedExport> {
    requireAdmin(me);
    const { key, requestedAt } = await this.unitOfWork.run(async () => {
      const found = await this.exports.get(id);
      return { key: found.fileAt(new Date()), requestedAt: found.createdAt };
    });
    const file = await this.storage.open(key);
    if (!file) throw new DomainError('gone', 'exports.errors.expired');
    try {
      await this.unitOfWork.run(() =>
        this.audit.record({
          action: 'export.downloaded',
          subject: { kind: 'export', id, name: me.organization },
        }),
      );
    } catch (error) {
      file.stream.destroy();
      throw error;
    }
    return { ...file, requestedAt };
  }
}

function requireAdmin(me: Principal): void {
  if (me.role !== 'admin') throw new DomainError('forbidden', 'errors.admins_only');
}
