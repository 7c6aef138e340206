import { Injectable } from '@nestjs/common';
import { AuditEntry, type AuditChanges } from '../../audit/audit-entry.entity.js';
import { namesInFull } from '../../audit/names-in-full.js';
import { AdminEntity } from '../admin-entity.js';
import type { Row } from '../row.js';
import type { AdminWords } from '../admin-words.js';

/** Everybody's trails, to read: nobody changes an entry. */
@Injectable()
export class AuditEntryAdmin extends AdminEntity<AuditEntry> {
  readonly entity = AuditEntry;
  readonly path = 'audit';
  readonly group = 'operations';
  readonly icon = 'clock';
  override readonly position = 0;
  readonly title = 'action';
  override readonly alsoRead = [
    'actorKind',
    'actorName',
    'staffName',
    'subjectName',
    'changes',
  ] as const;
  override readonly inWords = {
    changes: (value: unknown, words: AdminWords) => words.changes(value as AuditChanges),
  };
  override readonly readAs = namesInFull('r');
  readonly list = ['at', 'actorId', 'tenantId', 'address'] as const;
  readonly orders = { at: { type: 'time', descending: true } } as const;
  override readonly hidden = ['chain'] as const;

  override nameOf(row: Row, words: AdminWords): string {
    return words.told(row);
  }
}
