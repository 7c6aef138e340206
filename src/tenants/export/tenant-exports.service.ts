import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { AuditTrail } from '../../audit/audit-trail.service.js';
import { nameOf } from '../../audit/mask.js';
import type { Principal } from '../../core/context/principal.js';
import { requirePermission } from '../../core/http/access/require-permission.js';
import { currentContext } from '../../core/context/request-context.js';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import { DomainError } from '../../core/errors/domain-error.js';
import { JobQueue } from '../../core/jobs/job-queue.js';
import { Mailer } from '../../core/mail/mailer.js';
import { merged } from '../../core/features/registry.js';
import type { TextKey } from '../../core/i18n/text-keys.js';
import { Archives } from '../../core/storage/archives.js';
import type { StoredFile } from '../../core/storage/object-storage.js';
import { StorageGarbageCollector } from '../../core/storage/storage-garbage-collector.js';
import { Notifications } from '../../notifications/notifications.service.js';
import { ExportParts } from './export-parts.js';
import { withArchive } from './export-archive.js';
import {
  EXPORT_DAYS,
  TenantExportsRepository,
  type ExportRow,
  type Try,
} from './tenant-exports.repository.js';

/** Exports of an organisation's data as files, for its admins. */
@Injectable()
export class TenantExportsService implements OnModuleInit {
  private readonly log = new Logger('Exports');

  constructor(
    private readonly exports: TenantExportsRepository,
    private readonly parts: ExportParts,
    private readonly archives: Archives,
    private readonly orphans: StorageGarbageCollector,
    private readonly jobs: JobQueue,
    private readonly mailer: Mailer,
    private readonly notifications: Notifications,
    private readonly audit: AuditTrail,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  onModuleInit(): void {
    this.orphans.ownedBy('export', (keys) => this.exports.archivesAmong(keys));
    this.jobs.handle('tenant_export', (job) => this.make(job), { worksClosed: true });
    this.jobs.handle('tenant_export_expiry', () => this.unitOfWork.run(() => this.sweep()), {
      worksClosed: true,
    });
  }

  /** What a download holds, in words. */
  contents(): TextKey[] {
    return [...new Set([...merged('exportParts').values()].map(({ text }) => text))];
  }

  listed(): Promise<ExportRow[]> {
    return this.exports.listed();
  }

  /** Requests an export. @throws DomainError `forbidden`, `conflict` while one is running */
  async request(me: Principal): Promise<void> {
    requirePermission(me, 'export:write');
    await this.unitOfWork.run(async () => {
      await this.sweep();
      const exportId = await this.exports.add(nameOf(me) ?? me.email);
      if (!exportId) throw new DomainError('conflict', 'tenants.data.errors.under_way');
      await this.record('export.requested', exportId);
      await this.jobs.enqueue('tenant_export', { exportId, email: me.email });
    });
  }

  /** Opens a finished export. @throws DomainError `not_found`, or `gone` when expired */
  async open(id: string): Promise<StoredFile> {
    const found = await this.exports.find(id);
    if (!found || found.state !== 'ready') throw new DomainError('not_found', 'errors.not_found');
    const file =
      found.isExpired || !found.storageKey ? null : await this.archives.open(found.storageKey);
    if (!file) throw new DomainError('gone', 'tenants.data.errors.expired');
    try {
      await this.unitOfWork.run(() => this.record('export.downloaded', id));
    } catch (error) {
      file.stream.destroy();
      throw error;
    }
    return file;
  }

  /** The job. Restarts from the beginning after an interruption. */
  private async make({ exportId, email }: { exportId: string; email: string }): Promise<void> {
    const parts = this.parts.all();
    const latest = await this.unitOfWork.run(() => this.exports.begin(exportId, parts.length));
    if (!latest) return;
    const progress = async (done: number) => {
      const isLatest = await this.unitOfWork.run(() => this.exports.progress(latest, done));
      if (!isLatest) throw new Superseded();
    };
    try {
      await withArchive(parts, progress, async (path, size) => {
        const key = await this.archives.store('export', path);
        if (!(await this.finish(latest, email, key, size))) await this.archives.remove(key);
      });
    } catch (error) {
      if (error instanceof Superseded) return;
      this.log.error(`An export failed: ${(error as Error).message}`);
      await this.unitOfWork.run(() => this.exports.fail(latest));
      throw error;
    }
  }

  private finish(latest: Try, email: string, key: string, size: number): Promise<boolean> {
    return this.unitOfWork.run(async () => {
      await this.sweep();
      if (!(await this.exports.finish(latest, key, size))) return false;
      // The daily job deletes the file when it expires.
      const over = new Date(Date.now() + EXPORT_DAYS * 86_400_000 + 60_000);
      await this.jobs.enqueue('tenant_export_expiry', {}, { startAfter: over });
      const url = this.mailer.link('/settings/data/');
      await this.mailer.send(email, 'tenant-export', { url, days: EXPORT_DAYS });
      const { actorId } = currentContext();
      if (actorId) await this.notifications.tell([actorId], 'export.ready', { days: EXPORT_DAYS });
      return true;
    });
  }

  private async sweep(): Promise<void> {
    await this.exports.failStuck();
    const keys = await this.exports.dropExpired();
    for (const key of keys) this.unitOfWork.afterCommit(() => this.archives.remove(key));
  }

  private record(action: 'export.requested' | 'export.downloaded', id: string): Promise<void> {
    const name = currentContext().principal?.organization ?? null;
    return this.audit.record({ action, subject: { kind: 'export', id, name } });
  }
}

/** A later attempt has started. */
class Superseded extends Error {}
