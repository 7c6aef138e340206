import { Injectable } from '@nestjs/common';
import { AppConfig } from '../core/config/config.js';
import { currentContext } from '../core/context/request-context.js';
import { stableText } from '../core/utils/stable-text.js';
import { UnitOfWork } from '../core/database/unit-of-work.js';
import type { AuditAction } from '../core/features/names.js';
import { snakeKeys } from '../core/utils/cases.js';
import type { AuditChanges } from './audit-entry.entity.js';
import { asDeclared, undeclared, withoutAddress } from './audit-fields.js';
import { AuditRepository, type BrokenChain, type NewAuditEntry } from './audit.repository.js';
import { nameOf } from './mask.js';

export interface AuditRecord {
  action: AuditAction;
  /** The subject of the action, with its current display name, or null where it has none. */
  subject: { kind: string; id: string | null; name: string | null };
  /** Values before and after, by field. The feature declares how each is recorded (`fields` of its `audit`). */
  changes?: AuditChanges | null;
  /** The organisation whose trail it belongs to; default: the current one; null: the operator's. */
  tenantId?: string | null;
  /** The actor, where the request context has none yet (during sign-in). */
  actor?: { id: string; name: string | null };
}

/** What is told to those who listen to the trail: as it is recorded, personal data masked. */
export type RecordedDeed = Pick<
  NewAuditEntry,
  'tenantId' | 'actorKind' | 'actorId' | 'subjectKind' | 'subjectId' | 'subjectName' | 'changes'
> & { action: AuditAction };

type Listener = (deed: RecordedDeed) => Promise<void>;

/**
 * Records audit entries in the unit of work of the change: both are committed or rolled back together. For
 * how long: `AuditRetentionService`.
 */
@Injectable()
export class AuditTrail {
  private readonly listeners: Listener[] = [];

  constructor(
    private readonly entries: AuditRepository,
    private readonly unitOfWork: UnitOfWork,
    private readonly config: AppConfig,
  ) {}

  /**
   * Registers a listener, during module initialisation. It is called in the unit of work of the change, before the
   * entry is written, since writers to a trail take turns from then on.
   */
  heardBy(listener: Listener): void {
    this.listeners.push(listener);
  }

  /**
   * Writes an entry, in the message of the next statement or of COMMIT. Writers to one organisation's trail take
   * turns from then until they commit: acquire other locks before. Entries of no organisation do not wait.
   * @throws Error outside of a unit of work
   */
  async record(record: AuditRecord): Promise<void> {
    if (!this.unitOfWork.isOpen) {
      throw new Error(`"${record.action}" is recorded outside of the unit of work that does it`);
    }
    const { action, subject, changes = null, tenantId = this.unitOfWork.tenantId } = record;
    const told = changes && snakeKeys(changes);
    refuseSecrets(action, told);
    if (told && !this.config.isProduction) refuseUndeclared(action, told);
    const { principal, staff, address, device, requestId, ...scope } = currentContext();
    const actor = record.actor ?? {
      id: scope.actorId,
      name: scope.actorName ?? (principal && nameOf(principal)),
    };
    const deed: RecordedDeed = {
      tenantId,
      actorKind: actor.id ? scope.actorKind : 'system',
      actorId: actor.id,
      action,
      subjectKind: subject.kind,
      subjectId: subject.id,
      subjectName: withoutAddress(subject.name),
      changes: told && asDeclared(told, action),
    };
    for (const listener of this.listeners) await listener(deed);
    await this.entries.add({
      ...deed,
      actorName: withoutAddress(actor.name),
      staffId: staff?.id ?? null,
      staffName: staff?.name ?? null,
      address,
      device,
      requestId,
    });
  }

  /** Verifies every chain from its first entry to its head. Returns at most the first break of each. */
  verify(): Promise<{ entries: number; chains: number; broken: BrokenChain[] }> {
    return this.entries.verify();
  }
}

/** A programming error: values named like secrets must not be recorded. */
function refuseSecrets(action: AuditAction, changes: AuditChanges | null): void {
  const secret = Object.keys(changes ?? {}).find((field) =>
    /password|secret|token|hash|private/i.test(field),
  );
  if (secret) throw new Error(`"${action}" would record "${secret}": secrets are never recorded`);
}

/**
 * A programming error too. In production the field is recorded without its values and the request succeeds.
 */
function refuseUndeclared(action: AuditAction, changes: AuditChanges): void {
  const [field] = undeclared(changes);
  if (!field) return;
  throw new Error(
    `"${action}" records "${field}": say how in audit.fields of its feature (src/<feature>/<feature>.feature.ts), and in i18n/*/audit.json (audit.fields.${field}) what it is called`,
  );
}

/** The fields that differ, for `changes`; null when none does. `before` is null for a new row. */
export function differences<T extends object>(before: T | null, after: T): AuditChanges | null {
  const fields = (Object.keys(after) as Array<keyof T & string>).filter(
    (field) => plain(before?.[field]) !== plain(after[field]),
  );
  if (fields.length === 0) return null;
  return Object.fromEntries(
    fields.map((field) => [field, { from: before?.[field] ?? null, to: after[field] ?? null }]),
  );
}

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return stableText(value);
  return value instanceof Date ? value.getTime() : (value ?? null);
}
