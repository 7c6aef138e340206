import { Injectable } from '@nestjs/common';
import { runInContext } from '../../core/context/request-context.js';
import { webhooksRole } from '../../core/database/privileged/webhooks.role.js';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import { OutboundError } from '../../core/outbound/outbound-error.js';
import { OutboundHttp } from '../../core/outbound/outbound-http.js';
import { Metrics } from '../../core/telemetry/metrics.js';
import { WebhookSecrets } from '../endpoints/webhook-secrets.js';
import { retryAfterOf, retryDelay } from './retry-schedule.js';
import { WebhookNotices } from './webhook-notices.service.js';
import {
  WebhookQueueRepository,
  type Attempted,
  type ClaimedDelivery,
} from './webhook-queue.repository.js';

/** Bytes of an answer that the log keeps. */
const KEPT_ANSWER = 2_048;

type Answered = Omit<Attempted, 'state' | 'delay'> & { retryAfter: number | null };

/** Makes one attempt at a delivery and writes what came of it. */
@Injectable()
export class WebhookAttempts {
  private readonly count: (labels: { outcome: string }) => void;

  constructor(
    private readonly outbound: OutboundHttp,
    private readonly secrets: WebhookSecrets,
    private readonly queue: WebhookQueueRepository,
    private readonly notices: WebhookNotices,
    private readonly unitOfWork: UnitOfWork,
    metrics: Metrics,
  ) {
    this.count = metrics.counter(
      'atrium_webhook_attempts_total',
      'Attempts at deliveries of webhooks, by outcome: delivered, refused (an answer other than 2xx) or failed (none).',
      ['outcome'],
    );
  }

  async make(delivery: ClaimedDelivery): Promise<void> {
    const answered = await this.send(delivery);
    const { status } = answered;
    const isDelivered = status !== null && status >= 200 && status < 300;
    this.count({ outcome: isDelivered ? 'delivered' : status === null ? 'failed' : 'refused' });
    await runInContext({ tenantId: delivery.tenantId }, () =>
      this.unitOfWork.run(() =>
        isDelivered ? this.succeeded(delivery, answered) : this.failed(delivery, answered),
      ),
    );
  }

  private async send(delivery: ClaimedDelivery): Promise<Answered> {
    const { endpointId, eventId, url, body, secret, previousSecret } = delivery;
    const message = { id: eventId, at: new Date(), body };
    const secrets = previousSecret ? [secret, previousSecret] : [secret];
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'Atrium-Webhooks/1',
      ...this.secrets.headersOf(message, endpointId, secrets),
    };
    const began = performance.now();
    const took = () => Math.round(performance.now() - began);
    try {
      const answer = await this.outbound.send({ url, headers, body, maxBytes: KEPT_ANSWER });
      const retryAfter = retryAfterOf(answer.headers['retry-after']);
      // PostgreSQL stores no NUL in a text.
      const text = answer.body.toString('utf8').replaceAll('\0', '\uFFFD');
      return {
        status: answer.status,
        failure: null,
        durationMs: took(),
        answer: text,
        retryAfter,
      };
    } catch (error) {
      if (!(error instanceof OutboundError)) throw error;
      const { reason: failure } = error;
      return { status: null, failure, durationMs: took(), answer: null, retryAfter: null };
    }
  }

  /** The endpoint before the delivery, in the order in which people's changes lock them. */
  private async succeeded(delivery: ClaimedDelivery, answered: Answered): Promise<void> {
    await this.unitOfWork.runAs(webhooksRole, async () => {
      await this.queue.recovered(delivery.endpointId);
      await this.queue.note(delivery, { ...answered, state: 'delivered', delay: 0 });
    });
  }

  private async failed(delivery: ClaimedDelivery, answered: Answered): Promise<void> {
    const delay = retryDelay(delivery.attempt, answered.retryAfter);
    const state = delay === null ? 'failed' : 'pending';
    const endpoint = await this.unitOfWork.runAs(webhooksRole, async () => {
      const failing = await this.queue.failed(delivery);
      await this.queue.note(delivery, { ...answered, state, delay: delay ?? 0 });
      return failing;
    });
    if (!endpoint) return;
    await this.notices.consider(delivery.endpointId, endpoint, answered.status === 410);
  }
}
