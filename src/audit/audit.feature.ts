import { defineFeature } from '../core/features/feature.js';
import { ActivityExport } from './activity-export.js';
import { AuditModule } from './audit.module.js';

/** The audit trail and the activity tab. */
export const audit = defineFeature({
  name: 'audit',
  module: AuditModule,
  tables: {
    audit_entry: {
      kind: 'tenant',
      kept: 'the trail of what happened, without a name, an id of a person, or a value',
      grants: {
        audit: ['select', 'insert'],
        staff: ['select'],
        // The retention role may only clear address and device, and delete failed sign-ins without an
        // account.
        retention: ['select', 'update', 'delete'],
      },
    },
    audit_head: {
      kind: 'tenant',
      kept: 'the end of the trail',
      notExported: 'the last hash of the activity',
      grants: {
        audit: ['select', 'insert', 'update'],
        // The first remaining position of those chains.
        retention: ['select', 'update'],
      },
    },
  },
  permissions: { 'activity:read': { roles: ['admin'], isForPeopleOnly: true } },
  audit: {
    kinds: { operator: { icon: 'shield', position: 80 } },
    actions: {
      'record.changed': { kind: 'operator' },
      'record.deactivated': { kind: 'operator' },
      'record.restored': { kind: 'operator' },
    },
    fields: { unrecorded: 'plain', is_active: 'plain', reason: 'plain' },
  },
  exportParts: {
    activity: {
      text: 'audit.data_part',
      table: 'audit_entry',
      columns: [
        'at',
        'action',
        'actor_kind',
        'actor_id',
        'actor_name',
        'staff_name',
        'subject_kind',
        'subject_id',
        'subject_name',
        'changes',
        'address',
        'device',
        'request_id',
      ],
      source: ActivityExport,
    },
  },
  settingsTabs: [
    { name: 'activity', href: '/settings/activity/', text: 'audit.tab', position: 40 },
  ],
});
