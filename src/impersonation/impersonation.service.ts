import { Injectable } from '@nestjs/common';
import type { AuditAction } from '../core/features/names.js';
import type { AuditChanges } from '../audit/audit-entry.entity.js';
import { AuditTrail } from '../audit/audit-trail.service.js';
import { nameOf } from '../audit/mask.js';
import type { Impersonator, Principal } from '../core/context/principal.js';
import { asImpersonator } from '../core/context/request-context.js';
import { requireSuperuser } from '../core/http/access/require-superuser.js';
import { UnitOfWork } from '../core/database/unit-of-work.js';
import { DomainError } from '../core/errors/domain-error.js';
import {
  AdministrationRepository,
  type AdministeredUser,
} from '../members/administration/administration.repository.js';
import { ImpersonationRepository } from './impersonation.repository.js';
import { SessionsService, type ClientInfo } from '../users/sessions/sessions.service.js';
import { newToken } from '../users/access-tokens/tokens.js';
import { identityRole } from '../core/database/privileged/identity.role.js';

export interface ImpersonationRequest {
  /** Reason, visible to the organisation. */
  reason: string;
  minutes: number;
  mayWrite: boolean;
}

/**
 * Impersonation: a session of its own for at most an hour, which ends with the superuser's own session or
 * rights (checked by the statement that authenticates). See ADR 22.
 */
@Injectable()
export class ImpersonationService {
  constructor(
    private readonly acting: ImpersonationRepository,
    private readonly people: AdministrationRepository,
    private readonly sessions: SessionsService,
    private readonly audit: AuditTrail,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /**
   * The person to impersonate.
   * @throws DomainError `not_found`, `conflict` where impersonation is not possible
   */
  async candidate(me: Principal, personId: string): Promise<AdministeredUser> {
    requireSuperuser(me);
    const person = await this.unitOfWork.run(() => this.people.user(personId));
    requireActable(person);
    return person;
  }

  /**
   * Starts a session and returns its token; an earlier one from the same session ends.
   * @throws DomainError `not_found`, `conflict` where impersonation is not possible
   */
  async start(
    me: Principal,
    personId: string,
    { reason, minutes, mayWrite }: ImpersonationRequest,
    client: ClientInfo,
  ): Promise<string> {
    requireSuperuser(me);
    const { token, hash: tokenHash } = newToken();
    await this.unitOfWork.run(async () => {
      const person = await this.people.user(personId);
      requireActable(person);
      const ended = await this.unitOfWork.runAs(identityRole, () => this.replace(me.sessionId));
      const until = await this.unitOfWork.runAs(identityRole, () =>
        this.acting.add({
          personId,
          staffId: me.userId,
          staffName: nameOf(me),
          ownSessionId: me.sessionId,
          ...{ reason, minutes, mayWrite, tokenHash },
          ...client,
        }),
      );
      if (!until) throw new DomainError('conflict', 'impersonation.errors.not_now');
      const begun = { reason, until: until.toISOString(), mayWrite };
      const changes = Object.fromEntries(
        Object.entries(begun).map(([field, to]) => [field, { from: null, to }]),
      );
      await this.record([
        ...ended.map((each) => ({ action: 'impersonation.ended' as const, person: each })),
        { action: 'impersonation.started', person, changes },
      ]);
    });
    return token;
  }

  /**
   * Ends impersonation, recorded with the superuser as actor; `impersonator` is null when it had already
   * ended. Returns the superuser's principal by `ownToken`, the token of their own session; null when that is
   * invalid or another session.
   */
  async stop(
    impersonator: Impersonator | null,
    ownToken: string | undefined,
  ): Promise<Principal | null> {
    if (impersonator)
      return asImpersonator(impersonator, () => this.goBack(impersonator.sessionId, ownToken));
    const own = await this.sessions.authenticate('browser', ownToken);
    if (!own || own.impersonator) return null;
    const { userId: id, sessionId } = own;
    return asImpersonator({ id, name: nameOf(own) }, () => this.goBack(sessionId, ownToken));
  }

  /** Signing out during impersonation ends the superuser's own session too. */
  async signOut(impersonator: Impersonator, ownToken: string | undefined): Promise<void> {
    const own = await this.stop(impersonator, ownToken);
    if (own) await asImpersonator(impersonator, () => this.sessions.signOut(own));
  }

  private async goBack(
    ownSessionId: string,
    ownToken: string | undefined,
  ): Promise<Principal | null> {
    await this.end(ownSessionId);
    const own = await this.sessions.authenticate('browser', ownToken);
    return own?.sessionId === ownSessionId ? own : null;
  }

  private end(ownSessionId: string): Promise<void> {
    return this.unitOfWork.run(async () => {
      const ended = await this.unitOfWork.runAs(identityRole, () => this.replace(ownSessionId));
      await this.record(ended.map((person) => ({ action: 'impersonation.ended', person })));
    });
  }

  /** Ends the previous impersonation. */
  private async replace(ownSessionId: string): Promise<AdministeredUser[]> {
    await this.acting.lock(ownSessionId);
    const ended = await this.acting.endAllOf(ownSessionId);
    return Promise.all(ended.map(({ personId }) => this.people.user(personId)));
  }

  /** Records in the trail of each person's organisation, in a fixed order to avoid deadlocks. */
  private async record(entries: Entry[]): Promise<void> {
    const inOrder = entries.toSorted(({ person: a }, { person: b }) =>
      (a.tenantId ?? 'none').localeCompare(b.tenantId ?? 'none'),
    );
    for (const { action, person, changes = null } of inOrder) {
      const subject = { kind: 'user', id: person.id, name: nameOf(person) };
      await this.audit.record({ action, subject, changes, tenantId: person.tenantId });
    }
  }
}

interface Entry {
  action: AuditAction & `impersonation.${string}`;
  person: AdministeredUser;
  changes?: AuditChanges;
}

/** Refuses staff (oneself included), and people who could not sign in. */
function requireActable({ isStaff, isSuperuser, isActive, profileActive }: AdministeredUser): void {
  if (isStaff || isSuperuser) {
    throw new DomainError('conflict', 'impersonation.errors.staff');
  }
  if (!isActive || !profileActive) {
    throw new DomainError('conflict', 'impersonation.errors.inactive');
  }
}
