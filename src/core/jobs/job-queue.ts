import {
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type BeforeApplicationShutdown,
} from '@nestjs/common';
import { PgBoss, type JobWithMetadata, type SendOptions } from 'pg-boss';
import { AppConfig } from '../config/config.js';
import { currentContext, runInContext, type RequestContext } from '../context/request-context.js';
import type { Statement } from '../database/read-path/pipelined-read.js';
import { RawSql } from '../database/privileged/raw-sql.js';
import type { PrivilegedRole } from '../database/privileged/privileged-role.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { ErrorReporter } from '../telemetry/error-reporter.js';
import { Metrics } from '../telemetry/metrics.js';
import { readTraceParent } from '../telemetry/trace-parent.js';
import { currentTraceParent, Tracing } from '../telemetry/tracing.js';
import type { Locale } from '../i18n/locales.js';
import { orderedUuid } from '../utils/ordered-uuid.js';
import { queues } from './declared-queues.js';
import { together, type JobStatement } from './row-with-job.js';
import { STATES, WAITING, type Waiting } from './waiting-jobs.js';
import { DEAD_LETTERS, KEYED, type JobData, type QueueName } from './queues.js';
import { erasureRole } from '../database/privileged/erasure.role.js';
import { outboxRole } from '../database/privileged/outbox.role.js';
import { staffRole } from '../database/privileged/staff.role.js';

/** The context in which a job was caused, restored when it runs. */
interface Envelope<T> {
  scope: Omit<RequestContext, 'principal' | 'span' | 'job' | 'startedAt'>;
  /** W3C `traceparent` of the cause. */
  traceparent: string | null;
  data: T;
}

export interface JobOptions {
  /** Language of the job; default: that of the request. */
  locale?: Locale;
  /** Earliest start; default: now. */
  startAfter?: Date;
  /** Adds at most one job to the queue per period of this many seconds; the queue stores it as long. */
  singletonSeconds?: number;
  /**
   * Of a queue with the policy `key_strict_fifo`, where every job has one: jobs of one key are done one at a
   * time, in the order in which their units of work began, and those of one unit in the order they were added.
   * One that failed holds back those behind it until it was tried for the last time.
   */
  key?: string;
}

type Handler<T> = (data: T) => Promise<void>;

interface Work {
  handler: Handler<never>;
  worksClosed: boolean;
}

/**
 * Job queue on the same database (pg-boss). A job exists exactly when the unit of work that caused it was
 * committed, and runs in its context (organisation, actor, language, address).
 */
@Injectable()
export class JobQueue implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('Jobs');
  private readonly handlers = new Map<QueueName, Work>();
  private readonly workers = new Map<QueueName, string>();
  private isClosed: () => Promise<boolean> = () => Promise.resolve(false);
  private boss?: PgBoss;
  private started: () => void = () => undefined;
  /** Resolves once jobs can be added. */
  readonly ready = new Promise<void>((resolve) => (this.started = resolve));

  constructor(
    private readonly config: AppConfig,
    private readonly rawSql: RawSql,
    private readonly unitOfWork: UnitOfWork,
    private readonly metrics: Metrics,
    private readonly tracing: Tracing,
    private readonly errors: ErrorReporter,
  ) {}

  /**
   * Registers the handler of a queue, during module initialisation. `worksClosed`: also runs jobs that an organisation
   * caused which is closed now; others do nothing then, and are done.
   */
  handle<Q extends QueueName>(
    queue: Q,
    handler: Handler<JobData[Q]>,
    { worksClosed = false } = {},
  ): void {
    this.handlers.set(queue, { handler, worksClosed });
  }

  /** Registers who knows whether the organisation in context is closed; called while modules start. */
  heldBackBy(isClosed: () => Promise<boolean>): void {
    this.isClosed = isClosed;
  }

  /** Adds a job within the open unit of work, in the message of its next statement or of COMMIT. */
  async enqueue<Q extends QueueName>(
    queue: Q,
    data: JobData[Q],
    options: JobOptions = {},
  ): Promise<void> {
    await this.send(queue, data, options, this.posting);
    // Wakes the worker of this process; other processes poll.
    this.unitOfWork.afterCommit(() => this.look(queue));
  }

  /**
   * Inserts a row and, where there was none like it, adds a job: in one statement, which is a unit of work of its
   * own. @param insertion `INSERT … ON CONFLICT DO NOTHING RETURNING …`, as a role that may add jobs
   * @returns whether the row is new
   */
  async enqueueWith<Q extends QueueName>(
    insertion: Required<Pick<Statement, 'name' | 'text' | 'values'>>,
    role: PrivilegedRole,
    queue: Q,
    data: JobData[Q],
    options: JobOptions = {},
  ): Promise<boolean> {
    let job: JobStatement | undefined;
    await this.send(queue, data, options, {
      executeSql: (text, values = []) => {
        job = { text, values };
        return Promise.resolve({ rows: [{ id: null }] });
      },
    });
    const [row] = await this.unitOfWork.write<{ added: number }>(together(insertion, job!), role);
    if (row!.added === 0) return false;
    if (this.unitOfWork.isOpen) this.unitOfWork.afterCommit(() => this.look(queue));
    else this.look(queue);
    return true;
  }

  private async send<Q extends QueueName>(
    queue: Q,
    data: JobData[Q],
    { locale = currentContext().locale, key, ...when }: JobOptions,
    db: NonNullable<SendOptions['db']>,
  ): Promise<void> {
    if ((queues().get(queue)?.policy === KEYED) !== (key !== undefined)) {
      throw new Error(
        `Jobs of the queue ${queue} have to have ${key === undefined ? 'a' : 'no'} key`,
      );
    }
    const { principal: _, span: _span, job: _job, startedAt: _at, ...scope } = currentContext();
    const traceparent = currentTraceParent();
    const envelope: Envelope<JobData[Q]> = { scope: { ...scope, locale }, traceparent, data };
    const order = key === undefined ? {} : { singletonKey: key, id: orderedUuid() };
    await this.engine.send(queue, envelope, { ...when, ...order, db });
  }

  /**
   * Moves a job from the dead-letter queue back to its queue with all retries, in the open unit of work.
   * False when there is no such job.
   */
  async retry(id: string): Promise<boolean> {
    const moved = await this.unitOfWork.runAs(staffRole, () =>
      this.engine.redrive(DEAD_LETTERS, { ids: [id], db: this.openWork }),
    );
    return moved > 0;
  }

  /**
   * In the open unit of work: deletes the jobs that the organisation in context caused, or that are about it. Returns
   * how many.
   */
  removeOfTenant(): Promise<number> {
    return this.unitOfWork.runAs(erasureRole, () =>
      this.unitOfWork.execute(
        `DELETE FROM pgboss.job
         WHERE position(app_tenant_id()::text IN concat_ws(' ', data, singleton_key, output)) > 0`,
      ),
    );
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
    this.watch();
    this.started();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.boss?.stop({ graceful: true, timeout: 20_000 });
  }

  private async startWorkers(): Promise<void> {
    for (const [queue, work] of this.handlers) {
      const id = await this.engine.work(
        queue,
        { pollingIntervalSeconds: 2, batchSize: 1, includeMetadata: true },
        async (jobs: JobWithMetadata<Envelope<never>>[]) => {
          for (const job of jobs) await this.run(work, job);
          // Looks for the next job at once; after a failure at the next poll.
          this.look(queue);
        },
      );
      this.workers.set(queue, id);
    }
  }

  /** Makes this process's worker of the queue poll at once. */
  private look(queue: QueueName): void {
    const worker = this.workers.get(queue);
    if (worker) this.boss?.notifyWorker(worker);
  }

  private async run(work: Work, job: JobWithMetadata<Envelope<never>>) {
    const { data: envelope, name, id } = job;
    const parent = readTraceParent(envelope.traceparent ?? undefined);
    const span = this.tracing.begin(
      `job ${name}`,
      'consumer',
      { 'messaging.message.id': id },
      parent,
    );
    const traceId = span?.spanContext().traceId ?? envelope.scope.traceId;
    const began = performance.now();
    const ended = (outcome: 'done' | 'failed') => {
      this.metrics.job(name, outcome, (performance.now() - began) / 1000);
      if (outcome === 'failed') span?.setStatus({ code: 2 });
      span?.end();
    };
    await runInContext({ ...envelope.scope, span, traceId, job: name }, async () => {
      try {
        if (work.worksClosed || !(await this.isHeldBack())) await work.handler(envelope.data);
        ended('done');
      } catch (error) {
        ended('failed');
        this.errors.report(error, `job ${name}`);
        const next = job.retryCount < job.retryLimit ? 'will be tried again' : 'is given up';
        this.log.warn(`Job ${name} ${id} failed and ${next}: ${(error as Error).message}`);
        throw error;
      }
    });
  }

  private async isHeldBack(): Promise<boolean> {
    return currentContext().tenantId !== null && (await this.isClosed());
  }

  /** Gauges: waiting jobs and dead letters. */
  private watch(): void {
    this.metrics.watch(
      'atrium_jobs',
      'Jobs by queue and state: ready to be done, deferred (tried again later), active. Those in dead-letters failed for good.',
      ['queue', 'state'],
      async () => {
        const counted = (await this.rawSql.run(WAITING)) as Waiting[];
        return [...queues().keys(), DEAD_LETTERS].flatMap((queue) =>
          STATES.map((state) => {
            const row = counted.find((one) => one.queue === queue && one.state === state);
            return { labels: { queue, state }, value: row?.value ?? 0 };
          }),
        );
      },
    );
  }

  /** Posts the engine's statement to the open unit of work. It is told that a job was added, whose id nobody needs. */
  private readonly posting = {
    executeSql: async (text: string, values: unknown[] = []) => {
      await this.unitOfWork.post({ text, values }, outboxRole);
      return { rows: [{ id: null }] };
    },
  };

  /** Runs the engine's statements in the open unit of work. */
  private readonly openWork = {
    executeSql: async (text: string, values?: unknown[]) => ({
      rows: await this.unitOfWork.query<unknown>(text, values),
    }),
  };

  private get engine(): PgBoss {
    if (!this.boss) throw new Error('The job queue has not started yet');
    return this.boss;
  }
}
