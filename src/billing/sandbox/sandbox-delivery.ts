import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { AddressInfo } from 'node:net';
import { AppConfig } from '../../core/config/config.js';
import { runInContext } from '../../core/context/request-context.js';
import { billingRole } from '../../core/database/privileged/billing.role.js';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import { SIGNATURE_HEADER, signature } from './sandbox-signature.js';
import {
  SandboxRepository,
  type SandboxNotification,
  type SandboxSettings,
} from './sandbox.repository.js';
import { Sandbox } from './sandbox.js';

/** How often a process asks whether something is to be delivered, in ms; what it causes itself goes at once. */
const ASKING = 2_000;
/** Waits between tries, in ms. */
const waitAfter = (tries: number) => Math.min(60_000, 500 * 2 ** tries);
const HOUR = 3_600_000;

/**
 * Sends what the sandbox has to tell over HTTP to the endpoint of the application, as a provider would, and
 * again until it is taken. What the settings say is done to it on the way.
 */
@Injectable()
export class SandboxDelivery implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('Sandbox');
  private timer?: NodeJS.Timeout;
  private round: Promise<void> | null = null;
  private isAskedAgain = false;

  constructor(
    private readonly config: AppConfig,
    private readonly http: HttpAdapterHost,
    private readonly sandbox: Sandbox,
    private readonly books: SandboxRepository,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  onApplicationBootstrap(): void {
    if (this.config.BILLING_PROVIDER !== 'sandbox' || this.config.ROLE === 'worker') return;
    this.sandbox.onNotification = () => void this.deliver();
    this.timer = setInterval(() => void this.deliver(), ASKING).unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    this.sandbox.onNotification = () => undefined;
    await this.round;
  }

  /** Everything that is due. Whoever asks meanwhile has another round follow. */
  async deliver(): Promise<void> {
    if (this.round) {
      this.isAskedAgain = true;
      return this.round;
    }
    this.round = runInContext({}, () => this.rounds())
      .catch((error: Error) => this.log.warn(`Notifications were not delivered: ${error.message}`))
      .finally(() => (this.round = null));
    return this.round;
  }

  private async rounds(): Promise<void> {
    if (!this.address) return;
    do {
      this.isAskedAgain = false;
      while ((await this.deliverSome()) > 0);
    } while (this.isAskedAgain);
  }

  private async deliverSome(): Promise<number> {
    const settings = await this.sandbox.settings();
    if (settings.drop) return 0;
    const due = await this.claim(settings);
    for (const notification of due) {
      const copies = settings.duplicate ? 2 : 1;
      let isTaken = true;
      for (let copy = 0; copy < copies; copy++) {
        isTaken = (await this.send(notification, settings)) && isTaken;
      }
      if (isTaken) await this.keep({ ...notification, isDelivered: true });
    }
    return due.length;
  }

  /** Nobody else sends these until the wait is over, also when this process ends in the middle. */
  private claim(settings: SandboxSettings): Promise<SandboxNotification[]> {
    return this.unitOfWork.runAs(billingRole, async () => {
      const due = await this.books.dueNotifications(new Date(), settings.reorder);
      return Promise.all(
        due.map(async (one) => {
          const deliverAt = new Date(Date.now() + waitAfter(one.tries)).toISOString();
          const claimed = { ...one, tries: one.tries + 1, deliverAt };
          await this.books.addNotification(claimed);
          return claimed;
        }),
      );
    });
  }

  private keep(notification: SandboxNotification): Promise<void> {
    return this.unitOfWork.runAs(billingRole, () => this.books.addNotification(notification));
  }

  private async send(
    { id, type, objectId, customerId, createdAt }: SandboxNotification,
    { badSignature, stale }: SandboxSettings,
  ): Promise<boolean> {
    const told = { id, type, object_id: objectId, customer_id: customerId };
    const body = JSON.stringify({ ...told, live: false, created_at: createdAt });
    const secret = badSignature ? `not ${this.config.secret}` : this.config.secret;
    const at = new Date(Date.now() - (stale ? HOUR : 0));
    try {
      const answer = await fetch(`${this.address}/api/webhooks/sandbox`, {
        method: 'POST',
        headers: {
          'Content-Type': 'application/json',
          [SIGNATURE_HEADER]: signature(body, secret, at),
        },
        body,
        signal: AbortSignal.timeout(10_000),
      });
      await answer.arrayBuffer();
      return answer.ok;
    } catch {
      return false;
    }
  }

  /** This very process, wherever it is reached from outside; null before it listens. */
  private get address(): string | null {
    const server = this.http.httpAdapter.getHttpServer() as {
      address(): AddressInfo | string | null;
    };
    const address = server.address();
    return address && typeof address === 'object' ? `http://127.0.0.1:${address.port}` : null;
  }
}
