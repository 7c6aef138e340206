import { defineFeature } from '../core/features/feature.js';
import { mail } from '../core/features/mail.js';
import { notification } from '../core/features/notification.js';
import { KEYED, PATIENT } from '../core/jobs/queues.js';
import type { ToOutsider } from '../core/mail/mailer.js';
import { BillingModule } from './billing.module.js';
import type { CreditNoteMail, InvoiceMail } from './invoices/invoice-mail.js';
import { INVOICING_TABLES } from './invoices/invoices.tables.js';
import {
  BillingDetailsExport,
  InvoiceLinesExport,
  InvoicesExport,
  SubscriptionsExport,
} from './sync/billing-exports.js';

declare module '../core/jobs/queues.js' {
  interface JobData {
    /** A notification of a provider, by its place in the ledger. */
    billing_event: { provider: string; eventId: string };
    /** Mails admins what their subscription needs, every hour. */
    billing_notices: Record<string, never>;
    /** Periods of subscriptions that staff sold are renewed or end. */
    manual_renewal: Record<string, never>;
    /** As many seats are paid for as the organisation has members. */
    billing_seats: { tenantId: string };
    /** The provider is told who invoices are made out to. */
    billing_details: { tenantId: string };
    /** What we know is compared with what the provider knows. */
    billing_reconciliation: Record<string, never>;
  }
}

/** What admins are mailed: the plan, by its key, and a day (ISO 8601). */
interface NoticeMail {
  plan: string;
  day: string;
  url: string;
}

const BILLING_NOTICE = {
  icon: 'card',
  href: '/settings/billing/',
  audience: 'admin',
  days: ['day'],
} as const;

/** Plans, subscriptions, invoices, and what an organisation may do by them. i18n-uses: billing.access_states.* */
export const billing = defineFeature({
  name: 'billing',
  module: BillingModule,
  demo: () => import('./billing.demo.js'),
  tables: {
    ...INVOICING_TABLES,
    // Whose customer a notification is about, is asked before any organisation is in context.
    billing_customer: {
      kind: 'tenant',
      kept: 'who an invoice is made out to is kept with it; without an invoice the id at the provider',
      grants: { billing: ['select', 'insert', 'update'] },
    },
    subscription: {
      kind: 'tenant',
      grants: { billing: ['select', 'insert', 'update'], staff: ['select'] },
    },
    invoice: {
      kind: 'tenant',
      kept: 'invoices are kept for ten years',
      grants: { billing: ['select', 'insert', 'update'], staff: ['select'] },
    },
    invoice_line: {
      kind: 'tenant',
      kept: 'invoices are kept for ten years',
      grants: { billing: ['select', 'insert', 'update', 'delete'] },
    },
    checkout: {
      kind: 'tenant',
      notExported: 'What came of it is a subscription, which is exported.',
      grants: { billing: ['select', 'update'] },
    },
    entitlement_override: {
      kind: 'tenant',
      notExported: 'Decided by the operator, with the reasons of the operator.',
      grants: { billing: ['select', 'insert', 'update', 'delete'], staff: ['select'] },
    },
    billing_notice: {
      kind: 'tenant',
      notExported: 'That a mail was sent is known to whoever received it.',
      grants: { billing: ['select', 'insert'] },
    },
    // What a provider told: its own ids only.
    billing_event: {
      kind: 'global',
      grants: {
        billing: ['select', 'insert', 'update'],
        staff: ['select'],
        retention: ['select', 'delete'],
      },
    },
    // The books of the sandbox: a provider of its own.
    sandbox_object: {
      kind: 'global',
      grants: { billing: ['select', 'insert', 'update', 'delete'] },
    },
  },
  notifications: {
    'trial.ends_soon': notification<{ day: string }>({
      ...BILLING_NOTICE,
      mail: 'billing-trial-ends',
    }),
    'payment.failed': notification<{ day: string }>({
      ...BILLING_NOTICE,
      mail: 'billing-payment-failed',
    }),
    'organisation.read_only': notification<{ day: string }>({
      ...BILLING_NOTICE,
      mail: 'billing-read-only',
    }),
  },
  mails: {
    invoice: mail<ToOutsider & InvoiceMail>(),
    'credit-note': mail<ToOutsider & CreditNoteMail>(),
    'billing-trial-ends': mail<NoticeMail>(),
    'billing-payment-failed': mail<NoticeMail>(),
    'billing-read-only': mail<NoticeMail>(),
  },
  permissions: {
    'billing:read': { roles: ['admin'], isForPeopleOnly: true },
    'billing:write': { roles: ['admin'], isForPeopleOnly: true },
  },
  audit: {
    kinds: { billing: { icon: 'card', position: 80 } },
    actions: {
      'subscription.changed': { kind: 'billing' },
      'subscription.trial_extended': { kind: 'billing' },
      'billing_details.changed': { kind: 'billing' },
      'subscription.sold': { kind: 'billing' },
      'subscription.changed_by_staff': { kind: 'billing' },
      'subscription.cancelled_by_staff': { kind: 'billing' },
      'subscription.resumed_by_staff': { kind: 'billing' },
      'invoice.paid': { kind: 'billing' },
      'invoice.credited': { kind: 'billing' },
      'entitlement_override.set': { kind: 'billing' },
      'entitlement_override.ended': { kind: 'billing' },
      'billing_event.replayed': { kind: 'operator' },
      'billing_events.replayed': { kind: 'operator' },
    },
    fields: {
      billing_interval: { words: 'billing.per' },
      starts_on: 'plain',
      paid_on: 'plain',
      payment_reference: 'plain',
      override_value: 'plain',
      trial_ends_at: 'plain',
      access_state: { words: 'billing.access_states' },
      access_until: 'plain',
      plan_key: 'plain',
      plan_version: 'plain',
      seats: 'plain',
      legal_name: 'plain',
      vat_number: 'plain',
    },
  },
  publicPages: [
    {
      href: '/pricing/',
      text: 'billing.pricing.title',
      position: 20,
      isInFooter: true,
      isOnlyWhereSold: true,
    },
  ],
  settingsTabs: [
    {
      name: 'billing',
      href: '/settings/billing/',
      text: 'billing.tab',
      position: 60,
      isHiddenFromImpersonators: true,
    },
  ],
  exportParts: {
    billing_details: {
      text: 'billing.data_part',
      table: 'billing_customer',
      columns: [
        'provider',
        'legal_name',
        'email',
        'address',
        'postal_code',
        'city',
        'country',
        'vat_number',
        'purchase_order',
      ],
      source: BillingDetailsExport,
    },
    subscriptions: {
      text: 'billing.data_part',
      table: 'subscription',
      columns: [
        'id',
        'status',
        'plan_key',
        'billing_interval',
        'quantity',
        'currency',
        'unit_amount',
        'started_at',
        'current_period_end',
        'cancel_at',
        'ended_at',
      ],
      source: SubscriptionsExport,
    },
    invoices: {
      text: 'billing.data_part',
      table: 'invoice',
      columns: [
        'id',
        'number',
        'status',
        'issued_at',
        'due_at',
        'paid_at',
        'currency',
        'net',
        'vat',
        'total',
        'paid',
      ],
      source: InvoicesExport,
    },
    invoice_lines: {
      text: 'billing.data_part',
      table: 'invoice_line',
      columns: [
        'invoice_id',
        'position',
        'description',
        'quantity',
        'net',
        'vat',
        'vat_rate',
        'vat_category',
      ],
      source: InvoiceLinesExport,
    },
  },
  queues: {
    manual_renewal: PATIENT,
    billing_event: { ...PATIENT, policy: KEYED },
    billing_seats: { ...PATIENT, policy: KEYED },
    billing_details: { ...PATIENT, policy: KEYED },
    billing_notices: PATIENT,
    // It asks the provider about every customer.
    billing_reconciliation: { ...PATIENT, retryLimit: 3, expireInSeconds: 3 * 3600 },
  },
});
