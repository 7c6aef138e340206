import { Injectable } from '@nestjs/common';
import { AdminEntity } from '../core/back-office/admin-entity.js';
import type { Row } from '../core/back-office/row.js';
import { Texts } from '../core/i18n/texts.js';
import { AuditEntry } from './audit-entry.entity.js';
import { sentenceOf, type Told } from './audit-entry.presenter.js';

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
  readonly list = ['at', 'actorId', 'tenantId', 'address'] as const;
  readonly orders = { at: { type: 'time', descending: true } } as const;
  override readonly hidden = ['chain'] as const;

  constructor(private readonly texts: Texts) {
    super();
  }

  override nameOf(row: Row): string {
    const told = {
      action: row.action,
      subjectName: row.subject_name,
      actorKind: row.actor_kind,
      actorName: row.actor_name,
      staffName: row.staff_name,
      changes: row.changes,
    };
    return sentenceOf(told as Told, this.texts);
  }
}
