import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { UnitOfWork } from '../core/database/unit-of-work.js';
import { JobQueue } from '../core/jobs/job-queue.js';
import type { JobData } from '../core/jobs/queues.js';
import { Mailer } from '../core/mail/mailer.js';
import { ObjectStorage } from '../core/storage/object-storage.js';
import { newKey } from '../core/storage/storage-key.js';
import { TenantData } from '../tenants/tenant-data.js';
import { TenantsService } from '../tenants/tenants.service.js';
import { withArchive, type Archive } from './archive.js';
import { ExportsRepository, type Claim } from './exports.repository.js';
import { EXPORT_DAYS } from './tenant-export.entity.js';

type Job = JobData['tenant_export'];

/** After as many tries somebody has to look. */
const ATTEMPTS = 4;

/** Milliseconds between two words about how far the work is in one part. */
const REPORT_EVERY = 500;

/**
 * The worker's side of exports, in the scope of the organisation. It may die at any point: whoever takes
 * the work up begins anew, and whoever lost it stores nothing that lasts.
 */
@Injectable()
export class ExportWorker implements OnModuleInit {
  private readonly log = new Logger('Exports');

  constructor(
    private readonly exports: ExportsRepository,
    private readonly tenants: TenantsService,
    private readonly data: TenantData,
    private readonly storage: ObjectStorage,
    private readonly jobs: JobQueue,
    private readonly mailer: Mailer,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  onModuleInit(): void {
    this.jobs.handle('tenant_export', (job) => this.make(job));
    this.jobs.handle('tenant_export_expiry', () => this.expire());
  }

  async make(job: Job): Promise<void> {
    await this.expire();
    const claim = await this.claim(job.exportId);
    if (!claim) return;
    if (claim.oldKey) await this.remove(claim.oldKey);
    if (claim.attempt > ATTEMPTS) return this.giveUp(claim, new Error('it never came to an end'));
    try {
      const { organization } = await this.tenants.settings();
      await withArchive(
        { organization, parts: this.data.parts, progress: this.reporter(claim) },
        (archive) => this.store(claim, archive, { ...job, organization }),
      );
    } catch (error) {
      await this.remove(claim.storageKey);
      if (error instanceof Superseded) return;
      if (claim.attempt >= ATTEMPTS) return this.giveUp(claim, error as Error);
      await this.unitOfWork.run(() => this.exports.release(claim));
      throw error;
    }
  }

  /** Removes the files of the organisation whose time is over. */
  async expire(): Promise<void> {
    const keys = await this.unitOfWork.run(() => this.exports.expire());
    for (const key of keys) await this.remove(key);
  }

  /** Null when there is nothing left to do. */
  private async claim(id: string): Promise<Claim | null> {
    return this.unitOfWork.run(async () => {
      const claim = await this.exports.claim(id, newKey('export'), this.data.parts.length);
      if (claim) return claim;
      const { state } = await this.exports.get(id);
      if (state === 'running') throw new Error('Somebody else is working on this export');
      return null;
    });
  }

  private reporter(claim: Claim) {
    let [next, reported] = [0, -1];
    return async (partsDone: number, rowsDone: number): Promise<void> => {
      if (partsDone === reported && Date.now() < next) return;
      [next, reported] = [Date.now() + REPORT_EVERY, partsDone];
      const isOurs = await this.unitOfWork.run(() =>
        this.exports.progress(claim, partsDone, rowsDone),
      );
      if (!isOurs) throw new Superseded();
    };
  }

  private async store(
    claim: Claim,
    { path, size, rows }: Archive,
    job: Job & { organization: string },
  ): Promise<void> {
    await this.storage.putFile(claim.storageKey, path, 'application/zip');
    await this.unitOfWork.run(async () => {
      if (!(await this.exports.finish(claim, rows, size))) throw new Superseded();
      const over = new Date(Date.now() + EXPORT_DAYS * 86_400_000 + 60_000);
      await this.jobs.enqueue('tenant_export_expiry', {}, undefined, over);
      await this.mailer.send(job.email, 'export-ready', {
        name: job.name,
        organization: job.organization,
        url: this.mailer.link('/settings/data/'),
        days: EXPORT_DAYS,
      });
    });
  }

  private async giveUp(claim: Claim, error: Error): Promise<void> {
    this.log.error(`The export ${claim.id} was given up: ${error.stack ?? error.message}`);
    await this.unitOfWork.run(() => this.exports.fail(claim));
  }

  /** Never throws: a file left behind is better than work lost. */
  private async remove(key: string): Promise<void> {
    await this.storage
      .remove(key)
      .catch((error: Error) => this.log.warn(`${key} could not be removed: ${error.message}`));
  }
}

/** Somebody else has taken the work up. */
class Superseded extends Error {}
