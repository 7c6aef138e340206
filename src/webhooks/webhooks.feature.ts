import { defineFeature } from '../core/features/feature.js';
import { mail } from '../core/features/mail.js';
import { notification } from '../core/features/notification.js';
import { PATIENT } from '../core/jobs/queues.js';
import { WebhooksModule } from './webhooks.module.js';

declare module '../core/jobs/queues.js' {
  interface JobData {
    /** Removes old deliveries, daily. */
    webhook_retention: Record<string, never>;
  }
}

/** What admins are mailed: the host of the endpoint, and for how many hours it has failed. */
interface EndpointMail {
  host: string;
  hours: number;
  url: string;
}

/** Outgoing webhooks: events of an organisation, sent to addresses of its own. */
export const webhooks = defineFeature({
  name: 'webhooks',
  module: WebhooksModule,
  tables: {
    webhook_endpoint: {
      kind: 'tenant',
      grants: { webhooks: ['select', 'update'], staff: ['select'] },
    },
    webhook_event: {
      kind: 'tenant',
      notExported: 'sent to the organisation already; the activity tells the same',
      grants: { webhooks: ['select', 'insert'], retention: ['select', 'delete'] },
    },
    webhook_delivery: {
      kind: 'tenant',
      notExported: 'a log of 30 days of what was sent to the organisation itself',
      grants: {
        webhooks: ['select', 'insert', 'update'],
        retention: ['select', 'delete'],
        staff: ['select'],
      },
    },
  },
  permissions: {
    'webhook_endpoints:read': { roles: ['admin'] },
    'webhook_endpoints:write': { roles: ['admin'] },
    'deliveries:read': { roles: ['admin'] },
    'deliveries:write': { roles: ['admin'] },
  },
  audit: {
    kinds: { webhooks: { icon: 'upload', position: 65 } },
    actions: {
      'webhook_endpoint.created': { kind: 'webhooks' },
      'webhook_endpoint.changed': { kind: 'webhooks' },
      'webhook_endpoint.rotated': { kind: 'webhooks' },
      'webhook_endpoint.enabled': { kind: 'webhooks' },
      'webhook_endpoint.disabled': { kind: 'webhooks' },
      'webhook_endpoint.deleted': { kind: 'webhooks' },
    },
    fields: { webhook_host: 'plain', webhook_events: 'plain', webhook_description: 'plain' },
  },
  notifications: {
    'webhook_endpoint.failing': notification<{ id: string; host: string; hours: number }>({
      icon: 'alert',
      href: '/settings/webhooks/{id}/',
      audience: 'admin',
      mail: 'webhook-failing',
    }),
    'webhook_endpoint.disabled': notification<{ id: string; host: string; hours: number }>({
      icon: 'alert',
      href: '/settings/webhooks/{id}/',
      audience: 'admin',
      mail: 'webhook-disabled',
    }),
  },
  mails: {
    'webhook-failing': mail<EndpointMail>(),
    'webhook-disabled': mail<EndpointMail>(),
  },
  exportParts: {
    webhook_endpoints: {
      text: 'webhooks.data_part',
      table: 'webhook_endpoint',
      columns: ['id', 'url', 'description', 'events', 'created_at', 'disabled_at', 'deleted_at'],
    },
  },
  rateLimits: {
    /** Messages that people ask for: tests, and what is sent again. */
    webhook_send: { seconds: 3600, perAddress: 600, perAccount: 300 },
  },
  queues: { webhook_retention: PATIENT },
  settingsTabs: [
    {
      name: 'webhooks',
      href: '/settings/webhooks/',
      text: 'webhooks.tab',
      position: 35,
      isHiddenFromImpersonators: true,
    },
  ],
});
