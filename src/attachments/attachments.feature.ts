import { defineFeature } from '../core/features/feature.js';
import { PATIENT } from '../core/jobs/queues.js';
import { AttachmentsCard } from './attachments.card.js';
import { AttachmentsModule } from './attachments.module.js';

declare module '../core/jobs/queues.js' {
  interface JobData {
    /** Removes files that were deleted 30 days ago, daily. */
    attachment_retention: Record<string, never>;
  }
}

/** Files of rows of any feature that says `has: ['attachments']` of them. */
export const attachments = defineFeature({
  name: 'attachments',
  module: AttachmentsModule,
  tables: { attachment: { kind: 'tenant', grants: { retention: ['select', 'delete'] } } },
  storageFolders: { attachment: { holds: 'files' } },
  queues: { attachment_retention: PATIENT },
  permissions: {
    'attachments:read': { roles: ['admin', 'member'] },
    'attachments:write': { roles: ['admin', 'member'] },
  },
  subjectCards: {
    attachments: {
      position: 10,
      reads: 'attachments:read',
      table: 'attachment',
      source: AttachmentsCard,
    },
  },
  audit: {
    kinds: { attachments: { icon: 'paperclip', position: 56 } },
    actions: {
      'attachment.created': { kind: 'attachments' },
      'attachment.replaced': { kind: 'attachments' },
      'attachment.deleted': { kind: 'attachments' },
      'attachment.restored': { kind: 'attachments' },
    },
    fields: { attachment: 'plain' },
  },
  exportParts: {
    attachments: {
      text: 'attachments.data_part',
      table: 'attachment',
      columns: [
        'id',
        'subject',
        'subject_id',
        'field',
        'author_id',
        'key_name',
        'name',
        'size_bytes',
        'created_at',
        'deleted_at',
      ],
    },
  },
});
