import { Injectable } from '@nestjs/common';
import { AppConfig } from '../core/config/config.js';
import { currentContext } from '../core/context/request-context.js';
import { UnitOfWork } from '../core/database/unit-of-work.js';
import type { AuditAction } from '../core/features/names.js';
import type { AuditChanges } from './audit-entry.entity.js';
import { asDeclared, undeclared, withoutAddress } from './audit-fields.js';
import { AuditRepository, type BrokenChain } from './audit.repository.js';
import { nameOf } from './mask.js';
import { auditRole } from '../core/database/privileged/audit.role.js';

export interface AuditRecord {
  action: AuditAction;
  /** What it was done to, by the name people call it (as of now), or null where it has none. */
  subject: { kind: string; id: string | null; name: string | null };
  /** Field by field, before and after. How each is recorded is declared by its feature (`audit.fields`). */
  changes?: AuditChanges | null;
  /** Whose trail it belongs in: the organisation in the scope unless said; null is the operator's own. */
  tenantId?: string | null;
  /** Who did it, where the scope does not know yet: somebody who is just signing in. */
  actor?: { id: string; name: string | null };
}

/**
 * Who did what, to what, when and from where (see `AuditRetention` for how long that), in the unit of work of its cause. The entry
 * exists exactly when the change does, and a change whose entry fails is rolled back.
 */
@Injectable()
export class AuditTrail {
  constructor(
    private readonly entries: AuditRepository,
    private readonly unitOfWork: UnitOfWork,
    private readonly config: AppConfig,
  ) {}

  /**
   * Writes an entry. Those who write to the trail of one organisation take turns until they commit: take
   * other locks before. What belongs to no organisation waits for nobody.
   * @throws Error outside of a unit of work
   */
  async record(record: AuditRecord): Promise<void> {
    if (!this.unitOfWork.isOpen) {
      throw new Error(`"${record.action}" is recorded outside of the unit of work that does it`);
    }
    const { action, subject, changes = null, tenantId = this.unitOfWork.tenantId } = record;
    const told = changes && inSnakeCase(changes);
    refuseSecrets(action, told);
    if (told && !this.config.isProduction) refuseUndeclared(action, told);
    const { principal, staff, address, device, requestId, ...scope } = currentContext();
    const actor = record.actor ?? {
      id: scope.actorId,
      name: scope.actorName ?? (principal && nameOf(principal)),
    };
    await this.unitOfWork.runAs(auditRole, () =>
      this.entries.add({
        tenantId,
        actorKind: actor.id ? scope.actorKind : 'system',
        actorId: actor.id,
        actorName: withoutAddress(actor.name),
        staffId: staff?.id ?? null,
        staffName: staff?.name ?? null,
        action,
        subjectKind: subject.kind,
        subjectId: subject.id,
        subjectName: withoutAddress(subject.name),
        changes: told && asDeclared(told),
        address,
        device,
        requestId,
      }),
    );
  }

  /** Reads every chain from its first entry to its head. At most the first break of each is told. */
  verify(): Promise<{ entries: number; chains: number; broken: BrokenChain[] }> {
    return this.entries.verify();
  }
}

/** A mistake of whoever wrote the use case, found by its test. */
function refuseSecrets(action: AuditAction, changes: AuditChanges | null): void {
  const secret = Object.keys(changes ?? {}).find((field) =>
    /password|secret|token|hash|private/i.test(field),
  );
  if (secret) throw new Error(`"${action}" would record "${secret}": secrets are never recorded`);
}

/** Likewise. In production such a field is recorded without its values, and nobody's request fails. */
function refuseUndeclared(action: AuditAction, changes: AuditChanges): void {
  const [field] = undeclared(changes);
  if (!field) return;
  throw new Error(
    `"${action}" records "${field}": say how in audit.fields of its feature (src/<feature>/<feature>.feature.ts), and in i18n/*/audit.json (audit.fields.${field}) what it is called`,
  );
}

/** Fields are named as in forms and in the API. */
function inSnakeCase(changes: AuditChanges): AuditChanges {
  return Object.fromEntries(
    Object.entries(changes).map(([field, change]) => [
      field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      change,
    ]),
  );
}

/** The fields that differ, ready for `changes`; null when none does. What is new was nothing before. */
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
  return value instanceof Date ? value.getTime() : (value ?? null);
}
