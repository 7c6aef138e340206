import { randomUUID } from 'node:crypto';
import { runInContext } from '../../../src/core/context/request-context.js';
import {
  NotificationsService,
  type Reception,
} from '../../../src/billing/notifications/notifications.service.js';
import { SIGNATURE_HEADER, signature } from '../../../src/billing/sandbox/sandbox-signature.js';
import type { TestApp } from '../../support/app.js';

interface Told {
  type?: string;
  object_id?: string;
  customer_id?: string;
  live?: boolean;
}

/** Says what a provider says, signed as it signs. */
export class Sender {
  constructor(private readonly atrium: TestApp) {}

  notification(told: Told = {}): { id: string; body: string } {
    const id = `evt_${randomUUID()}`;
    const usual = { type: 'customer.updated', object_id: 'cus_nobody', live: false };
    const body = JSON.stringify({ id, ...usual, ...told, created_at: new Date().toISOString() });
    return { id, body };
  }

  sign(body: string, { secret = this.atrium.config.secret, at = new Date() } = {}): string {
    return signature(body, secret, at);
  }

  /** Past HTTP, which the process that is cut off could not answer. */
  take(body: string): Promise<Reception> {
    const headers = { [SIGNATURE_HEADER]: this.sign(body) };
    return runInContext({}, () =>
      this.atrium.app.get(NotificationsService).receive('sandbox', Buffer.from(body), headers),
    );
  }

  /** Over HTTP; returns the status. */
  async send(body: string, signed: string | null = this.sign(body)): Promise<number> {
    const { port } = this.atrium.server.address() as { port: number };
    const answer = await fetch(`http://127.0.0.1:${port}/api/webhooks/sandbox`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        ...(signed === null ? {} : { [SIGNATURE_HEADER]: signed }),
      },
      body,
    });
    await answer.arrayBuffer();
    return answer.status;
  }
}
