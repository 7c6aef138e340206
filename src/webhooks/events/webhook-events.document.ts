import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ApiDocument, type DocumentedWebhook } from '../../core/http/api/api-document.js';
import { PAYLOAD_VERSION, PING, eventTypes } from './event-catalogue.js';

/** The events in the API's document: `webhooks` of OpenAPI 3.1, one for each type. */
@Injectable()
export class WebhookEventsDocument implements OnModuleInit {
  constructor(private readonly document: ApiDocument) {}

  onModuleInit(): void {
    for (const type of [...eventTypes(), PING]) this.document.addWebhook(type, webhookOf(type));
  }
}

function webhookOf(type: string): DocumentedWebhook {
  return {
    operationId: `on_${type.replaceAll('.', '_')}`,
    summary: type === PING ? 'Sent on request, to see whether an endpoint works' : `After ${type}`,
    headers: {
      'webhook-id':
        'Id of the event, the same at each attempt: what was dealt with is known by it.',
      'webhook-timestamp': 'Time of the attempt in seconds since 1970; part of what is signed.',
      'webhook-signature':
        '`v1,` and the base64 HMAC-SHA-256 of `<id>.<timestamp>.<body>` (Standard Webhooks); several, separated by spaces, while a secret is being replaced.',
    },
    schema: schemaOf(type),
  };
}

/** An id for the example of the document. */
const SOME_ID = '0b1d4c1e-7a52-4f3b-8a6e-3f2a9c1d5e80';

function schemaOf(type: string) {
  const nullable = (schema: object) => ({ ...schema, type: ['string', 'null'] });
  return {
    type: 'object',
    required: ['type', 'timestamp', 'version', 'data'],
    properties: {
      type: { type: 'string', const: type },
      timestamp: { type: 'string', format: 'date-time' },
      version: { type: 'integer', const: PAYLOAD_VERSION },
      data: {
        type: 'object',
        required: ['organization_id', 'object', 'id', 'name', 'changed_fields', 'actor'],
        properties: {
          organization_id: { type: 'string', format: 'uuid' },
          object: {
            type: 'string',
            description: 'Kind of what the event is about.',
            example: 'member',
          },
          id: nullable({ description: 'Id of what the event is about.', example: SOME_ID }),
          name: nullable({
            description: 'Its name at that time; addresses are masked.',
            example: 'Ann Peeters',
          }),
          changed_fields: {
            type: ['array', 'null'],
            items: { type: 'string', example: 'role' },
          },
          actor: {
            type: 'object',
            required: ['kind', 'id'],
            properties: {
              kind: { type: 'string', enum: ['person', 'key', 'system'] },
              id: nullable({ example: SOME_ID }),
            },
          },
        },
      },
    },
  };
}
