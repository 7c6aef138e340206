import {
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type BeforeApplicationShutdown,
} from '@nestjs/common';
import { PgBoss, type Job } from 'pg-boss';
import { AppConfig } from '../config/config.js';
import { currentScope, runInScope, type Scope } from '../context/request-context.js';
import { RawSql } from '../database/raw-sql.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import type { Locale } from '../i18n/locales.js';
import type { JobData, QueueName } from './queues.js';

/** On whose behalf a job was caused: it runs in the same scope later. */
interface Envelope<T> {
  scope: Omit<Scope, 'principal'>;
  data: T;
}

type Handler<T> = (data: T) => Promise<void>;

/**
 * Jobs on the same database (pg-boss). A job exists exactly when the unit of work that caused it
 * committed, and runs in the scope (organisation, actor, language, address) it was caused in.
 */
@Injectable()
export class JobQueue implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('Jobs');
  private readonly handlers = new Map<QueueName, Handler<never>>();
  private readonly workers = new Map<QueueName, string>();
  private boss?: PgBoss;

  constructor(
    private readonly config: AppConfig,
    private readonly rawSql: RawSql,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /** Declares who does the jobs of a queue; called while modules start. */
  handle<Q extends QueueName>(queue: Q, handler: Handler<JobData[Q]>): void {
    this.handlers.set(queue, handler);
  }

  /**
   * Adds a job to the open unit of work, in the language `locale` (default: the request's), to be done
   * now or after `startAfter`.
   */
  async enqueue<Q extends QueueName>(
    queue: Q,
    data: JobData[Q],
    locale: Locale = currentScope().locale,
    startAfter?: Date,
  ): Promise<void> {
    const { principal: _, ...scope } = currentScope();
    const envelope: Envelope<JobData[Q]> = { scope: { ...scope, locale }, data };
    await this.unitOfWork.through('outbox', async () => {
      await this.engine.send(queue, envelope, {
        ...(startAfter ? { startAfter } : {}),
        db: {
          executeSql: async (text, values) => ({
            rows: await this.unitOfWork.query<unknown>(text, values),
          }),
        },
      });
    });
    // Sooner than the next poll; other processes find it by polling.
    this.unitOfWork.whenCommitted(() => {
      const worker = this.workers.get(queue);
      if (worker) this.boss?.notifyWorker(worker);
    });
  }

  async onApplicationBootstrap(): Promise<void> {
    const works = this.config.ROLE !== 'web';
    this.boss = new PgBoss({
      db: {
        executeSql: async (text, values) => ({ rows: await this.rawSql.run(text, values) }),
      },
      migrate: false,
      supervise: works,
      schedule: false,
      persistWarnings: false,
      reindex: false,
      monitorVacuum: false,
    });
    this.boss.on('error', (error) =>
      this.log.warn(`The job engine met an error: ${error.message}`),
    );
    await this.boss.start();
    if (works) await this.startWorkers();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.boss?.stop({ graceful: true, timeout: 20_000 });
  }

  private async startWorkers(): Promise<void> {
    for (const [queue, handler] of this.handlers) {
      const id = await this.engine.work<Envelope<never>>(
        queue,
        { pollingIntervalSeconds: 2, batchSize: 1 },
        async (jobs) => {
          for (const job of jobs) await this.run(handler, job);
        },
      );
      this.workers.set(queue, id);
    }
  }

  private async run(handler: Handler<never>, { data: envelope, name, id }: Job<Envelope<never>>) {
    try {
      await runInScope(envelope.scope, () => handler(envelope.data));
    } catch (error) {
      this.log.warn(
        `Job ${name} ${id} failed and will be tried again: ${(error as Error).message}`,
      );
      throw error;
    }
  }

  private get engine(): PgBoss {
    if (!this.boss) throw new Error('The job queue has not started yet');
    return this.boss;
  }
}
