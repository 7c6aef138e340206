import { Injectable } from '@nestjs/common';
import { AdminEntity } from '../core/back-office/admin-entity.js';
import type { Row } from '../core/back-office/row.js';
import { Translator } from '../core/i18n/translator.js';
import { AuditEntry, type AuditChanges } from './audit-entry.entity.js';
import { presentChanges, sentenceOf, type Told } from './audit-entry.presenter.js';
import { namesInFull } from './names-in-full.js';
import { titlesInFull } from './titles-in-full.js';

/** Entries about a row of this kind, by its id. */
function subjectOf(kind: string, id: string) {
  const asId = `CASE WHEN r.subject_kind = '${kind}' THEN r.subject_id::uuid END`;
  return { id, column: 'r.subject_id', asId };
}

/** Back-office list of all audit entries. Read only. */
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
    changes: (value: unknown, row: Row) => this.linesOf(String(row.action), value as AuditChanges),
  };
  override readonly readAs = { ...namesInFull('r'), changes: titlesInFull('r') };
  readonly list = ['at', 'actorId', 'tenantId', 'address'] as const;
  // Of a person: what they did; the timeline says what was done to the account.
  override readonly listedUnder = ['tenant', 'actor'];
  override readonly foundBy = [
    { text: 'app_search_text(r.subject_name)', only: `r.subject_name NOT LIKE '_…@%'` },
    // The name and the address of who did it, and of whom it was done to.
    {
      text: 't.listed_as',
      of: {
        table: 'user_profile',
        links: [
          { id: 't.user_id', column: 'r.actor_id' },
          subjectOf('user', 't.user_id'),
          subjectOf('profile', 't.id'),
        ],
      },
    },
  ];
  override readonly foundByIds = ['subjectId', 'actorId', 'tenantId'] as const;
  readonly orders = { at: { type: 'time', descending: true } } as const;
  override readonly hidden = ['chain'] as const;

  constructor(private readonly texts: Translator) {
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

  /** One line per changed field: before and after. */
  private linesOf(action: string, changes: AuditChanges): string {
    return presentChanges({ action, changes }, this.texts)
      .map(({ label, from, to }) => `${label}: ${from} → ${to}`)
      .join('\n');
  }
}
