import { ApiProperty, PartialType } from '@nestjs/swagger';
import { DISABLED_REASONS, type DisabledReason } from './webhook-endpoint.entity.js';
import { WebhookEndpointPatch } from './webhook-endpoint.forms.js';
import type { WebhookEndpointRow } from './webhook-endpoints.repository.js';

/** A webhook endpoint. */
export class WebhookEndpointDto {
  @ApiProperty({ format: 'uuid' }) id: string;
  @ApiProperty({ format: 'uri', maxLength: 2000, example: 'https://example.com/webhooks' })
  url: string;
  @ApiProperty({ type: 'string', maxLength: 200, nullable: true }) description: string | null;
  @ApiProperty({
    description: 'Types of the events that are sent',
    type: [String],
    minItems: 1,
    example: ['member.joined'],
  })
  events: string[];
  @ApiProperty() is_enabled: boolean;
  @ApiProperty({
    description: 'Why nothing is sent: a person, an answer of 410, or 72 hours of failures',
    type: 'string',
    enum: [...DISABLED_REASONS, null],
    nullable: true,
  })
  disabled_reason: DisabledReason | null;
  @ApiProperty({
    description: 'Since when no attempt has succeeded',
    type: 'string',
    format: 'date-time',
    nullable: true,
  })
  failing_since: Date | null;
  @ApiProperty({
    description: 'Until when messages are signed with the secret before as well',
    type: 'string',
    format: 'date-time',
    nullable: true,
  })
  previous_secret_until: Date | null;
  @ApiProperty({ format: 'date-time' }) created_at: Date;
}

/** A webhook endpoint with its secret, which is shown this once. */
export class WebhookEndpointSecretDto extends WebhookEndpointDto {
  @ApiProperty({
    pattern: '^whsec_[A-Za-z0-9+/=]+$',
    example: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  })
  secret: string;
}

export class WebhookEndpointListDto {
  @ApiProperty({ type: [WebhookEndpointDto] }) items: WebhookEndpointDto[];
}

/** Body of a PATCH: any of the properties (for the API document). */
export class WebhookEndpointPatchDto extends PartialType(WebhookEndpointPatch) {}

export function webhookEndpointDto(row: WebhookEndpointRow): WebhookEndpointDto {
  return {
    id: row.id,
    url: row.url,
    description: row.description,
    events: row.events,
    is_enabled: row.disabledAt === null,
    disabled_reason: row.disabledReason,
    failing_since: row.failingSince,
    previous_secret_until: row.previousSecretUntil,
    created_at: row.createdAt,
  };
}
