import type { IncomingHttpHeaders } from 'node:http';
import type { ProviderNotification } from '../provider/payment-provider.js';
import { NotificationRefused } from '../provider/provider-errors.js';
import type { StripeClient } from './stripe-client.js';

/** Seconds a signature is good for. 0 would mean for ever. */
const TOLERANCE = 300;

/** @throws NotificationRefused where no secret of ours signed it, or did so too long ago */
export async function readNotification(
  client: StripeClient,
  rawBody: Buffer,
  headers: IncomingHttpHeaders,
): Promise<ProviderNotification> {
  const signature = headers['stripe-signature'];
  if (typeof signature !== 'string' || signature === '') throw new NotificationRefused('unsigned');
  await verify(client, rawBody, signature);
  return reduced(parsed(rawBody));
}

/** The SDK's own way of reading takes either classic or thin events; both are signed alike. */
async function verify(client: StripeClient, rawBody: Buffer, signature: string): Promise<void> {
  const stripe = await client.load();
  let isStale = false;
  for (const secret of client.webhookSecrets) {
    try {
      stripe.webhooks.signature?.verifyHeader(rawBody, signature, secret, TOLERANCE);
      return;
    } catch (error) {
      if (!(error instanceof stripe.errors.StripeSignatureVerificationError)) throw error;
      // Only a signature that is right is looked at for its age.
      isStale ||= error.message.includes('tolerance');
    }
  }
  throw new NotificationRefused(isStale ? 'stale' : 'bad_signature');
}

/** An event of a list, as a notification of it would have said it. */
export function readEvent(event: object): ProviderNotification {
  return reduced({ ...event });
}

function parsed(rawBody: Buffer): Record<string, unknown> {
  try {
    const body: unknown = JSON.parse(rawBody.toString('utf8'));
    if (isRecord(body)) return body;
  } catch {
    // Said below.
  }
  throw new NotificationRefused('malformed');
}

/**
 * A classic event (`event`) carries the object as it was, a thin one (`v2.core.event`) only where it is. Of
 * both the same is kept: what happened to which object.
 */
function reduced(body: Record<string, unknown>): ProviderNotification {
  const data = isRecord(body.data) ? body.data.object : null;
  const about = body.object === 'v2.core.event' ? body.related_object : data;
  const createdAt = whenOf(body.created);
  if (
    (body.object !== 'event' && body.object !== 'v2.core.event') ||
    !isRecord(about) ||
    !createdAt ||
    typeof body.livemode !== 'boolean'
  ) {
    throw new NotificationRefused('malformed');
  }
  const objectId = idIn(about.id);
  return {
    eventId: idIn(body.id),
    type: idIn(body.type),
    objectId,
    customerId: objectId.startsWith('cus_') ? objectId : customerIn(about.customer),
    isLive: body.livemode,
    createdAt,
  };
}

/** Ids and types of Stripe are short and plain; anything else would not be theirs. */
function idIn(value: unknown): string {
  if (typeof value === 'string' && /^[\w.[\]-]{1,200}$/.test(value)) return value;
  throw new NotificationRefused('malformed');
}

function customerIn(value: unknown): string | null {
  const id = isRecord(value) ? value.id : value;
  return typeof id === 'string' && /^cus_\w{1,200}$/.test(id) ? id : null;
}

/** Classic events count seconds, thin ones write ISO 8601. */
function whenOf(created: unknown): Date | null {
  if (typeof created !== 'number' && typeof created !== 'string') return null;
  const date = new Date(typeof created === 'number' ? created * 1000 : created);
  return Number.isNaN(date.getTime()) ? null : date;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
