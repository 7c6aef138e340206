import { defineFeature } from '../core/features/feature.js';
import { mail } from '../core/features/mail.js';
import { notification } from '../core/features/notification.js';
import { PATIENT } from '../core/jobs/queues.js';
import { SettingsExport } from './export/settings-export.js';
import { TenantsModule } from './tenants.module.js';

declare module '../core/jobs/queues.js' {
  interface JobData {
    /** Makes an export; `email` is notified when it is ready. */
    tenant_export: { exportId: string; email: string };
    /** Deletes expired export files. */
    tenant_export_expiry: Record<string, never>;
    /** Adds the jobs of organisations for which it is time. */
    tenant_jobs: Record<string, never>;
  }
}

/** Organisations: their general settings, and the export of their data. */
export const tenants = defineFeature({
  name: 'tenants',
  module: TenantsModule,
  tables: {
    tenant: {
      kind: 'tenant',
      grants: {
        identity: ['select'],
        flags: ['select'],
        staff: ['select'],
        // The retention role may read only the key of the logo.
        retention: ['select'],
        // Plan and access, of the organisation in context; whose they are is read of all.
        billing: ['select', 'update'],
        // Whether it is open.
        webhooks: ['select'],
        // Which are due is asked of all; one is begun and removed in its own context.
        erasure: ['select'],
        // Whether it is open, and its time zone.
        schedule: ['select'],
      },
    },
    tenant_export: {
      kind: 'tenant',
      notExported: 'of the downloads themselves: each is in the activity',
      grants: { retention: ['select'] },
    },
    tenant_job: {
      kind: 'tenant',
      notExported: 'of the machinery: which recurring job was added last',
      grants: { schedule: ['select', 'insert', 'update'] },
    },
  },
  permissions: {
    'tenant:read': { roles: ['admin', 'member'] },
    'tenant:write': { roles: ['admin'] },
    'export:read': { roles: ['admin'], isForPeopleOnly: true },
    'export:write': { roles: ['admin'], isForPeopleOnly: true },
  },
  audit: {
    kinds: {
      organisation: { icon: 'building', position: 10 },
      data: { icon: 'download', position: 70 },
    },
    actions: {
      // No event: nobody can have chosen it before.
      'tenant.created': { kind: 'organisation', isShared: true },
      'tenant.updated': { kind: 'organisation', isShared: true, eventNeeds: 'tenant:read' },
      'tenant.closed': { kind: 'organisation' },
      'export.requested': { kind: 'data' },
      'export.downloaded': { kind: 'data' },
    },
    fields: { organization: 'plain', logo: 'plain' },
  },
  settingsTabs: [
    { name: 'general', href: '/settings/general/', text: 'tenants.tabs.general', position: 20 },
    {
      name: 'data',
      href: '/settings/data/',
      text: 'tenants.tabs.data',
      position: 50,
      isHiddenFromImpersonators: true,
    },
  ],
  dashboardActions: [
    {
      href: '/settings/general/',
      icon: 'building',
      text: 'tenants.dashboard_action',
      position: 30,
      audience: 'admin',
    },
  ],
  checklist: [
    {
      href: '/settings/general/',
      text: 'tenants.checklist',
      hint: 'tenants.checklist_hint',
      position: 20,
      isDone: ({ logoKey }) => logoKey !== null,
    },
  ],
  queues: {
    // Restarts after an interruption; may take 15 minutes.
    tenant_export: { ...PATIENT, retryLimit: 2, expireInSeconds: 900 },
    tenant_export_expiry: PATIENT,
    tenant_jobs: PATIENT,
  },
  notifications: {
    'export.ready': notification<{ days: number }>({
      icon: 'download',
      href: '/settings/data/',
      audience: 'admin',
      mail: 'tenant-export',
    }),
  },
  mails: { 'tenant-export': mail<{ url: string; days: number }>() },
  exportParts: {
    settings: {
      text: 'tenants.data_part',
      table: 'tenant',
      columns: ['organization', 'currency', 'timezone', 'language', 'created_at'],
      source: SettingsExport,
    },
  },
  storageFolders: {
    // Of the organisation.
    logo: {
      holds: 'images',
      fit: 'inside',
      side: 512,
      quality: 90,
      smartSubsample: true,
      isInMails: true,
    },
    export: { holds: 'archives' },
  },
});
