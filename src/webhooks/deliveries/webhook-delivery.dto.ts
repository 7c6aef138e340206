import { ApiProperty } from '@nestjs/swagger';
import { ListDto } from '../../core/http/api/list.dto.js';
import type {
  WebhookDeliveryDetails,
  WebhookDeliveryRow,
} from './webhook-deliveries.repository.js';
import { DELIVERY_STATES, type DeliveryState } from './webhook-delivery.entity.js';

/** A delivery in a list. */
export class WebhookDeliverySummaryDto {
  @ApiProperty({ format: 'uuid' }) id: string;
  @ApiProperty({ format: 'uuid' }) endpoint_id: string;
  @ApiProperty({
    description: '`webhook-id` of its messages: the same for every delivery of the event',
    format: 'uuid',
  })
  event_id: string;
  @ApiProperty({ example: 'member.joined' }) type: string;
  @ApiProperty({
    description: '`pending`: waits for its next attempt; `failed`: given up',
    enum: DELIVERY_STATES,
  })
  state: DeliveryState;
  @ApiProperty({ type: 'integer', minimum: 0 }) attempts: number;
  @ApiProperty({
    description: 'HTTP status of the last answer',
    type: 'integer',
    nullable: true,
    example: 200,
  })
  status: number | null;
  @ApiProperty({
    description: 'Why there was no answer',
    type: 'string',
    nullable: true,
    example: null,
  })
  failure: string | null;
  @ApiProperty({ type: 'integer', nullable: true }) duration_ms: number | null;
  @ApiProperty({ format: 'date-time' }) created_at: Date;
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  attempted_at: Date | null;
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  next_attempt_at: Date | null;
}

/** A delivery. */
export class WebhookDeliveryDto extends WebhookDeliverySummaryDto {
  @ApiProperty({
    description:
      'The first 2 kB of the message; null without the permission to read what the event is about',
    type: 'string',
    nullable: true,
  })
  request: string | null;
  @ApiProperty({ description: 'The first 2 kB of the last answer', type: 'string', nullable: true })
  answer: string | null;
}

export class WebhookDeliveryListDto extends ListDto {
  @ApiProperty({ type: [WebhookDeliverySummaryDto] }) items: WebhookDeliverySummaryDto[];
}

/** The delivery that was added. */
export class WebhookDeliveryRefDto {
  @ApiProperty({ format: 'uuid' }) id: string;
}

export class RedeliveredDto {
  @ApiProperty({ description: 'How many events are sent once more', type: 'integer', minimum: 0 })
  count: number;
}

export function webhookDeliverySummaryDto(row: WebhookDeliveryRow): WebhookDeliverySummaryDto {
  return {
    id: row.id,
    endpoint_id: row.endpointId,
    event_id: row.eventId,
    type: row.type,
    state: row.state,
    attempts: row.attempts,
    status: row.status,
    failure: row.failure,
    duration_ms: row.durationMs,
    created_at: row.createdAt,
    attempted_at: row.attemptedAt,
    next_attempt_at: row.state === 'pending' ? row.nextAttemptAt : null,
  };
}

export function webhookDeliveryDto(row: WebhookDeliveryDetails): WebhookDeliveryDto {
  const { request, answer } = row;
  return Object.assign(webhookDeliverySummaryDto(row), { request, answer });
}
