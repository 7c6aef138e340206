import { Injectable } from '@nestjs/common';
import { AuditTrail, differences } from '../audit/audit-trail.service.js';
import { nameOf } from '../audit/mask.js';
import type { Principal } from '../core/context/principal.js';
import { requireSuperuser } from '../core/http/access/require-superuser.js';
import { UnitOfWork } from '../core/database/unit-of-work.js';
import { DomainError } from '../core/errors/domain-error.js';
import type { FlagName } from '../core/features/names.js';
import { flagDeclaration, flagNames, isFlag } from '../core/flags/flags.js';
import type { TextKey } from '../core/i18n/text-keys.js';
import { CurrentFeatureFlags } from './current-feature-flags.js';
import type { Rollout } from './decisions.js';
import type { RolloutUnit } from './flag-rollout.entity.js';
import {
  FlagsRepository,
  type CandidateRow,
  type ExceptionRow,
  type SubjectRow,
} from './flags.repository.js';
import { flagsRole } from '../core/database/privileged/flags.role.js';

/** A flag and the decisions about it. */
export interface FlagState {
  name: FlagName;
  description: TextKey;
  isOnByDefault: boolean;
  rollout: Rollout | null;
  exceptions: number;
}

const AS_BUILT = { percent: null, unit: null };

/** Maximum number of overrides and search results shown. */
const SHOWN_EXCEPTIONS = 100;
const SHOWN_CANDIDATES = 10;

/** Decisions of staff about flags. Staff read; superusers change, and every change is recorded. */
@Injectable()
export class FlagsService {
  constructor(
    private readonly flags: FlagsRepository,
    private readonly current: CurrentFeatureFlags,
    private readonly audit: AuditTrail,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  all(): FlagState[] {
    return flagNames().map((name) => this.get(name));
  }

  /** State of a flag in this process. @throws DomainError `not_found`: no such flag is declared */
  get(name: string): FlagState {
    if (!isFlag(name)) throw new DomainError('not_found', 'errors.not_found');
    const { default: isOnByDefault, description } = flagDeclaration(name);
    return { name, description, isOnByDefault, ...this.current.decidedAbout(name) };
  }

  /** The latest overrides. */
  exceptions(flag: FlagName): Promise<ExceptionRow[]> {
    return this.flags.exceptions(flag, SHOWN_EXCEPTIONS);
  }

  /** Finds organisations by part of their name and people by their full address. */
  candidates(flag: FlagName, q: string): Promise<CandidateRow[]> {
    return this.flags.candidates(flag, q, SHOWN_CANDIDATES);
  }

  /** Sets the rollout percentage; null: the declared default for everybody. */
  async rollOut(me: Principal, flag: FlagName, rollout: Rollout | null): Promise<void> {
    await this.change(me, flag, async () => {
      const before = await this.flags.rollout(flag);
      const changes = differences(before ?? AS_BUILT, rollout ?? AS_BUILT);
      if (!changes) return;
      if (rollout) await this.flags.rollOut(flag, rollout);
      else await this.flags.dropRollout(flag);
      const subject = { kind: 'flag', id: null, name: flag };
      await this.audit.record({ action: 'flag.changed', subject, changes, tenantId: null });
    });
  }

  /**
   * Sets the override of one organisation or person; null removes it. Recorded in the organisation's own
   * trail.
   * @throws DomainError `not_found`: there is no such organisation or person
   */
  async except(
    me: Principal,
    flag: FlagName,
    whom: { kind: RolloutUnit; id: string },
    isOn: boolean | null,
  ): Promise<void> {
    await this.change(me, flag, async () => {
      const found = await this.flags.subject(whom.kind, whom.id);
      if (!found) throw new DomainError('not_found', 'errors.not_found');
      const before = await this.flags.exceptionOf(flag, found);
      if (before === isOn) return;
      if (isOn === null) await this.flags.dropException(flag, found);
      else await this.flags.except(flag, found, isOn);
      const { id, tenantId } = found;
      const subject = { kind: 'flag', id, name: `${flag}: ${whoIs(found)}` };
      const changes = differences({ isOn: before }, { isOn });
      await this.audit.record({ action: 'flag.changed', subject, changes, tenantId });
    });
  }

  /** The change applies at once in this process; others are notified. */
  private async change(me: Principal, flag: FlagName, work: () => Promise<void>): Promise<void> {
    requireSuperuser(me);
    await this.unitOfWork.runAs(flagsRole, async () => {
      await this.flags.lock(flag);
      await work();
    });
    await this.current.reload();
  }
}

function whoIs({ name, email }: SubjectRow): string {
  return email ? nameOf({ displayName: name, email }) : (name ?? '');
}
