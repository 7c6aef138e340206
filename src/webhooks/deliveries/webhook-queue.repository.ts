import { Injectable } from '@nestjs/common';
import { webhooksRole } from '../../core/database/privileged/webhooks.role.js';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import type { DisabledReason } from '../endpoints/webhook-endpoint.entity.js';

/** A delivery that this process may attempt now. */
export interface ClaimedDelivery {
  id: string;
  tenantId: string;
  endpointId: string;
  eventId: string;
  body: string;
  /** Number of this attempt, from 1. */
  attempt: number;
  url: string;
  secret: Buffer;
  /** Null when it signs no more. */
  previousSecret: Buffer | null;
  isFailing: boolean;
}

/** What came of an attempt. */
export interface Attempted {
  state: 'pending' | 'delivered' | 'failed';
  status: number | null;
  failure: string | null;
  durationMs: number;
  answer: string | null;
  /** Seconds until the next attempt; 0 when there is none. */
  delay: number;
}

export interface FailingEndpoint {
  url: string;
  failures: number;
  notices: number;
  /** Hours since the first of the failures. */
  hours: number;
}

/** Places for attempts of this process. */
export interface Places {
  all: number;
  /** How many of them may be taken by endpoints that are failing. */
  failing: number;
}

/** Longer than an attempt may take: after it another worker tries, as this one must be gone. */
const LEASE_SECONDS = 60;

/** Attempts at one endpoint at a time; at one that is failing, one. */
const AT_ONCE = 4;

/** Advisory lock: workers claim one after another, so that the numbers above hold for all of them together. */
const TURN = 4_178_205;

/** What is due, and what became of it, for all organisations: as the role of webhooks. */
@Injectable()
export class WebhookQueueRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Whether anything is due. */
  async hasDue(): Promise<boolean> {
    const rows = await this.unitOfWork.read<{ isDue: boolean }>(
      {
        name: 'webhooks-due',
        text: `SELECT true AS "isDue" FROM webhook_delivery d
          WHERE d.state IN ('pending', 'sending') AND d.next_attempt_at <= now() LIMIT 1`,
      },
      webhooksRole,
    );
    return rows.length > 0;
  }

  /** Takes what is due, the oldest of each endpoint first, for `LEASE_SECONDS`. */
  claim({ all, failing }: Places): Promise<ClaimedDelivery[]> {
    return this.unitOfWork.runAs(webhooksRole, async () => {
      await this.unitOfWork.query('SELECT pg_advisory_xact_lock($1)', [TURN]);
      return this.unitOfWork.query<ClaimedDelivery>(CLAIM, [all, failing]);
    });
  }

  /** Ends the streak of failures of an endpoint. */
  async recovered(endpointId: string): Promise<void> {
    await this.unitOfWork.execute(
      `UPDATE webhook_endpoint SET failing_since = NULL, failures = 0, notices = 0
       WHERE id = $1 AND failures > 0`,
      [endpointId],
    );
  }

  /**
   * Counts a failed attempt, and locks the endpoint until the unit of work ends. Null when it was changed to another
   * address, disabled or deleted since the attempt began: the failure says nothing of what it is now.
   */
  async failed({ endpointId, url }: ClaimedDelivery): Promise<FailingEndpoint | null> {
    const [row] = await this.unitOfWork.query<FailingEndpoint>(
      `UPDATE webhook_endpoint
       SET failing_since = coalesce(failing_since, now()), failures = failures + 1
       WHERE id = $1 AND url = $2 AND disabled_at IS NULL AND deleted_at IS NULL
       RETURNING url, failures, notices,
         (extract(epoch FROM now() - failing_since) / 3600)::float8 AS hours`,
      [endpointId, url],
    );
    return row ?? null;
  }

  async noticed(endpointId: string, notices: number): Promise<void> {
    await this.unitOfWork.execute('UPDATE webhook_endpoint SET notices = $2 WHERE id = $1', [
      endpointId,
      notices,
    ]);
  }

  /** Disables the endpoint, unless it is. */
  async disable(endpointId: string, reason: DisabledReason): Promise<void> {
    await this.unitOfWork.execute(
      `UPDATE webhook_endpoint SET disabled_at = now(), disabled_reason = $2
       WHERE id = $1 AND disabled_at IS NULL`,
      [endpointId, reason],
    );
  }

  /** Gives up what waits for an endpoint. */
  async giveUp(endpointId: string): Promise<void> {
    await this.unitOfWork.execute(
      `UPDATE webhook_delivery SET state = 'failed', failure = coalesce(failure, 'disabled')
       WHERE endpoint_id = $1 AND state IN ('pending', 'sending')`,
      [endpointId],
    );
  }

  /** Gives up what waits for the endpoints of the organisation in context. */
  async giveUpAll(): Promise<void> {
    await this.unitOfWork.execute(
      `UPDATE webhook_delivery SET state = 'failed', failure = coalesce(failure, 'disabled')
       WHERE tenant_id = app_tenant_id() AND state IN ('pending', 'sending')`,
    );
  }

  /** Writes what came of an attempt, unless another worker has taken the delivery over, or it was given up. */
  async note({ id, attempt }: ClaimedDelivery, attempted: Attempted): Promise<void> {
    const { state, status, failure, durationMs, answer, delay } = attempted;
    await this.unitOfWork.execute(
      `UPDATE webhook_delivery SET state = $3, status = $4, failure = $5, duration_ms = $6, answer = $7,
         next_attempt_at = now() + make_interval(secs => $8)
       WHERE id = $1 AND attempts = $2 AND state = 'sending'`,
      [id, attempt, state, status, failure, durationMs, answer, delay],
    );
  }

  /** Deliveries that are not finished, by state. */
  waiting(): Promise<Array<{ state: string; value: number }>> {
    return this.unitOfWork.read<{ state: string; value: number }>(
      {
        name: 'webhooks-waiting',
        text: `SELECT d.state, count(*)::int AS value FROM webhook_delivery d
          WHERE d.state IN ('pending', 'sending') GROUP BY d.state`,
      },
      webhooksRole,
    );
  }
}

/**
 * Finds the endpoints with open deliveries one by one in the index, so that a long backlog of one costs nothing. What is
 * being given up or written down at this moment is left out: its state is read again under the lock.
 */
const CLAIM = `
  WITH RECURSIVE waiting (endpoint_id) AS (
    (SELECT endpoint_id FROM webhook_delivery WHERE state IN ('pending', 'sending')
      ORDER BY endpoint_id LIMIT 1)
    UNION ALL
    SELECT (SELECT d.endpoint_id FROM webhook_delivery d
      WHERE d.state IN ('pending', 'sending') AND d.endpoint_id > waiting.endpoint_id
      ORDER BY d.endpoint_id LIMIT 1)
    FROM waiting WHERE waiting.endpoint_id IS NOT NULL),
  candidate AS (
    SELECT d.id, d.next_attempt_at, e.failures > 0 AS is_failing,
      row_number() OVER (PARTITION BY e.failures > 0 ORDER BY d.next_attempt_at, d.id) AS rank
    FROM waiting
    JOIN webhook_endpoint e ON e.id = waiting.endpoint_id AND e.disabled_at IS NULL AND e.deleted_at IS NULL
    CROSS JOIN LATERAL (SELECT count(*) AS n FROM webhook_delivery b WHERE b.endpoint_id = e.id
      AND b.state = 'sending' AND b.next_attempt_at > now()) busy
    CROSS JOIN LATERAL (SELECT n.id, n.next_attempt_at,
        row_number() OVER (ORDER BY n.next_attempt_at, n.id) AS place
      FROM (SELECT o.id, o.next_attempt_at FROM webhook_delivery o
        WHERE o.endpoint_id = e.id AND o.state IN ('pending', 'sending') AND o.next_attempt_at <= now()
        ORDER BY o.next_attempt_at, o.id LIMIT ${AT_ONCE}) n) d
    WHERE busy.n + d.place <= CASE WHEN e.failures > 0 THEN 1 ELSE ${AT_ONCE} END),
  chosen AS (
    SELECT id, is_failing FROM candidate WHERE NOT is_failing OR rank <= $2
    ORDER BY next_attempt_at, id LIMIT $1),
  claimed AS (
    SELECT d.id, chosen.is_failing FROM chosen JOIN webhook_delivery d ON d.id = chosen.id
    WHERE d.state IN ('pending', 'sending') AND d.next_attempt_at <= now()
    FOR UPDATE OF d SKIP LOCKED)
  UPDATE webhook_delivery d SET state = 'sending', attempts = d.attempts + 1, attempted_at = now(),
    next_attempt_at = now() + interval '${LEASE_SECONDS} seconds'
  FROM claimed, webhook_endpoint e, webhook_event v
  WHERE d.id = claimed.id AND e.id = d.endpoint_id AND v.id = d.event_id
  RETURNING d.id, d.tenant_id AS "tenantId", d.endpoint_id AS "endpointId", d.event_id AS "eventId",
    v.body, d.attempts AS attempt, e.url, e.secret, claimed.is_failing AS "isFailing",
    CASE WHEN e.previous_secret_until > now() THEN e.previous_secret END AS "previousSecret"`;
