import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { AppConfig } from '../../core/config/config.js';
import { runInContext } from '../../core/context/request-context.js';
import { JobQueue } from '../../core/jobs/job-queue.js';
import { Metrics } from '../../core/telemetry/metrics.js';
import { WebhookAttempts } from './webhook-attempts.service.js';
import { WebhookQueueRepository, type ClaimedDelivery } from './webhook-queue.repository.js';

/** How often a worker looks for what is due, in ms; what its own process has written it learns at once. */
const POLL = 1_000;

/** Attempts of one process at a time: each is a socket that mostly waits. */
const PLACES = 64;

/** How many of them endpoints that are failing may take, so that they leave room for the others. */
const FAILING_PLACES = 32;

/**
 * Attempts what is due, in every worker. Endpoints do not wait for each other: each has few places, and what waits for
 * its next attempt takes none. See ADR 101.
 */
@Injectable()
export class WebhookDispatcher implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('Webhooks');
  private readonly running = new Set<Promise<void>>();
  private failing = 0;
  private round: Promise<void> | null = null;
  private isAskedAgain = false;
  private works = false;
  private timer?: NodeJS.Timeout;

  constructor(
    private readonly config: AppConfig,
    private readonly queue: WebhookQueueRepository,
    private readonly attempts: WebhookAttempts,
    private readonly jobs: JobQueue,
    private readonly metrics: Metrics,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.metrics.watch(
      'atrium_webhook_deliveries',
      'Deliveries of webhooks that are not finished, by state: pending (wait for their next attempt), sending.',
      ['state'],
      async () =>
        (await this.queue.waiting()).map(({ state, value }) => ({ labels: { state }, value })),
    );
    if (this.config.ROLE === 'web') return;
    // Mails about endpoints are jobs.
    await this.jobs.ready;
    this.works = true;
    this.timer = setInterval(() => this.wake(), POLL).unref();
  }

  /** Lets attempts that are under way end: their time is limited. */
  async beforeApplicationShutdown(): Promise<void> {
    this.works = false;
    clearInterval(this.timer);
    await this.round;
    await Promise.all(this.running);
  }

  /** Looks for what is due now, if this process is a worker. */
  wake(): void {
    if (!this.works) return;
    if (this.round) {
      this.isAskedAgain = true;
      return;
    }
    this.isAskedAgain = false;
    this.round = runInContext({}, () => this.take())
      .catch((error: Error) => this.log.warn(`Nothing could be claimed: ${error.message}`))
      .finally(() => {
        this.round = null;
        if (this.isAskedAgain) this.wake();
      });
  }

  private async take(): Promise<void> {
    const all = PLACES - this.running.size;
    if (all <= 0 || !(await this.queue.hasDue())) return;
    const claimed = await this.queue.claim({ all, failing: FAILING_PLACES - this.failing });
    for (const delivery of claimed) this.start(delivery);
  }

  private start(delivery: ClaimedDelivery): void {
    if (delivery.isFailing) this.failing++;
    const attempt = this.attempts
      .make(delivery)
      .catch((error: Error) =>
        // Its lease ends, and it is attempted again.
        this.log.warn(`What came of ${delivery.id} could not be noted: ${error.message}`),
      )
      .finally(() => {
        if (delivery.isFailing) this.failing--;
        this.running.delete(attempt);
        this.wake();
      });
    this.running.add(attempt);
  }
}
