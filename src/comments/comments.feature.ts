import { defineFeature } from '../core/features/feature.js';
import { notification } from '../core/features/notification.js';
import { memberName } from '../members/member-name.js';
import { CommentsCard } from './comments.card.js';
import { CommentsModule } from './comments.module.js';

/** Comments on rows of any feature that says `has: ['comments']` of them. */
export const comments = defineFeature({
  name: 'comments',
  module: CommentsModule,
  tables: { comment: { kind: 'tenant', grants: { samples: ['select', 'delete'] } } },
  permissions: {
    'comments:read': { roles: ['admin', 'member'] },
    'comments:write': { roles: ['admin', 'member'] },
  },
  subjectCards: {
    comments: {
      position: 20,
      reads: 'comments:read',
      table: 'comment',
      source: CommentsCard,
    },
  },
  sampleData: { comment: { text: 'comments.title' } },
  audit: {
    kinds: { comments: { icon: 'message', position: 55 } },
    actions: {
      'comment.created': { kind: 'comments' },
      'comment.changed': { kind: 'comments' },
      'comment.deleted': { kind: 'comments' },
      'comment.restored': { kind: 'comments' },
    },
    fields: { comment_author: { titleOf: memberName } },
  },
  notifications: {
    'comment.created': notification<{ name: string; title: string; id: string }>({
      icon: 'message',
      href: '/comments/{id}/',
    }),
  },
  exportParts: {
    comments: {
      text: 'comments.data_part',
      table: 'comment',
      columns: [
        'id',
        'subject',
        'subject_id',
        'author_id',
        'key_name',
        'text',
        'created_at',
        'edited_at',
        'deleted_at',
      ],
    },
  },
});
