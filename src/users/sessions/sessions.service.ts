import { Injectable, Logger } from '@nestjs/common';
import type { AuditAction } from '../../core/features/names.js';
import { AuditTrail } from '../../audit/audit-trail.service.js';
import { nameOf } from '../../audit/mask.js';
import { AppConfig } from '../../core/config/config.js';
import type { Assurance, Principal, SessionFlags } from '../../core/context/principal.js';
import { currentContext } from '../../core/context/request-context.js';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import { DomainError } from '../../core/errors/domain-error.js';
import type { SessionKind } from './session.entity.js';
import { PrincipalsRepository, type FoundPrincipal } from './principals.repository.js';
import { SessionsRepository, type SessionRow } from './sessions.repository.js';
import { hashToken, looksLikeToken, newToken } from '../access-tokens/tokens.js';
import { UsersRepository } from '../users.repository.js';
import { identityRole } from '../../core/database/privileged/identity.role.js';

/** IP address and User-Agent, as stored in the session. */
export interface ClientInfo {
  ip: string | null;
  userAgent: string | null;
}

/** How a session begins. */
export interface SessionStart {
  userId: string;
  kind: SessionKind;
  methods: readonly string[];
  assurance: Assurance;
  /** When the person proved who they are, where that was before. */
  authenticatedAt?: Date;
  flags: SessionFlags;
}

/** Sessions of browsers and API clients: one table, opaque tokens, immediate revocation. */
@Injectable()
export class SessionsService {
  private readonly log = new Logger('Sessions');

  constructor(
    private readonly principals: PrincipalsRepository,
    private readonly sessions: SessionsRepository,
    private readonly users: UsersRepository,
    private readonly audit: AuditTrail,
    private readonly unitOfWork: UnitOfWork,
    private readonly config: AppConfig,
  ) {}

  /** The principal of a session token; null when invalid or ended. One statement. `isUse`: not idle since now. */
  async authenticate(
    kind: SessionKind,
    token: string | undefined,
    isUse = true,
  ): Promise<Principal | null> {
    if (!looksLikeToken(token)) return null;
    const idleHours = this.config.SESSION_IDLE_HOURS;
    const found = await this.principals.byToken(kind, hashToken(token), idleHours);
    return isUse ? this.seen(found) : (found?.principal ?? null);
  }

  /** The principal of the session that an access token names; null when it has ended. One statement. */
  async recogniseById(kind: SessionKind, id: string): Promise<Principal | null> {
    const idleHours = this.config.SESSION_IDLE_HOURS;
    return this.seen(await this.principals.byId(kind, id, idleHours));
  }

  /**
   * The current principal of a session. Does not update the time of last use, so it may run inside a unit of
   * work.
   */
  async reread({ sessionId }: Principal, kind: SessionKind = 'api'): Promise<Principal | null> {
    const { SESSION_IDLE_HOURS } = this.config;
    const found = await this.principals.byId(kind, sessionId, SESSION_IDLE_HOURS);
    return found?.principal ?? null;
  }

  /**
   * Exchanges a refresh token for the next one (RFC 9700 §4.14.2); null when invalid. A spent token ends its
   * session, since two parties hold it. Of several concurrent requests with one token the first succeeds; the
   * others get null and end nothing.
   */
  async exchange(token: string): Promise<string | null> {
    if (!looksLikeToken(token)) return null;
    const spent = hashToken(token);
    const next = newToken();
    const { SESSION_IDLE_HOURS } = this.config;
    return this.unitOfWork.runAs(identityRole, async () => {
      if (await this.sessions.exchangeToken('api', spent, next.hash, SESSION_IDLE_HOURS)) {
        return next.token;
      }
      await this.endStolen(spent);
      return null;
    });
  }

  /**
   * Starts a session inside the open unit of work and returns its token, of which only the hash is stored; null
   * when a second factor must be shown first. Called by `SessionOpening` only.
   */
  async start(start: SessionStart, client: ClientInfo): Promise<string | null> {
    const { token, hash: tokenHash } = newToken();
    const absoluteHours = this.config.SESSION_ABSOLUTE_HOURS;
    const [isAdded, ended] = await Promise.all([
      this.sessions.add({ ...start, tokenHash, ...client, absoluteHours }),
      this.endBeyondLimit(start.userId, tokenHash),
    ]);
    if (ended > 0) await this.recordBeyondLimit(start.userId, ended);
    return isAdded ? token : null;
  }

  /** ASVS 7.1.2: beyond the number of sessions that a person may have, those unused for longest end. */
  private async endBeyondLimit(userId: string, tokenHash: Buffer): Promise<number> {
    const { SESSION_MAX_PER_PERSON: most, SESSION_IDLE_HOURS: idleHours } = this.config;
    if (most === 0) return 0;
    await this.users.lock(userId);
    return this.sessions.endBeyond(userId, tokenHash, most, idleHours);
  }

  private async recordBeyondLimit(userId: string, ended: number): Promise<void> {
    const { SESSION_MAX_PER_PERSON: most } = this.config;
    const user = await this.users.credentialsById(userId);
    if (!user) return;
    const actor = { id: user.id, name: nameOf(user) };
    const subject = { kind: 'session', id: null, name: actor.name };
    const changes = { sessions: { from: most + ended, to: most } };
    const { tenantId } = user;
    await this.audit.record({ action: 'session.ended', subject, changes, actor, tenantId });
  }

  /** Ends the session of the request. */
  async endCurrent(): Promise<void> {
    const { principal } = currentContext();
    if (principal) await this.signOut(principal);
  }

  async signOut(me: Principal): Promise<void> {
    await this.end(me.sessionId, me, 'session.signed_out');
  }

  /** @throws DomainError `not_found` when it is not an active session of this person */
  async revoke(id: string, me: Principal): Promise<void> {
    if (!(await this.end(id, me, 'session.ended')))
      throw new DomainError('not_found', 'errors.not_found');
  }

  async revokeOthers(me: Principal): Promise<number> {
    return this.unitOfWork.runAs(identityRole, async () => {
      const count = await this.sessions.endAll(me.userId, me.sessionId);
      if (count > 0) await this.recordEnd('session.ended', me, null, count);
      return count;
    });
  }

  async remember(me: Principal, flags: SessionFlags): Promise<void> {
    await this.unitOfWork.run(() => this.sessions.setFlags(me.sessionId, flags));
  }

  listed(me: Principal): Promise<SessionRow[]> {
    return this.sessions.liveOf(me.userId, this.config.SESSION_IDLE_HOURS);
  }

  private end(id: string, me: Principal, action: AuditAction): Promise<boolean> {
    return this.unitOfWork.run(async () => {
      const ended = await this.sessions.end(id, me.userId);
      if (ended) await this.recordEnd(action, me, id, 1);
      return ended;
    });
  }

  private async recordEnd(action: AuditAction, me: Principal, id: string | null, count: number) {
    const subject = { kind: 'session', id, name: nameOf(me) };
    const changes = count > 1 ? { sessions: { from: count, to: 0 } } : null;
    await this.audit.record({ action, subject, changes, tenantId: me.tenantId });
  }

  private async endStolen(spent: Buffer): Promise<void> {
    const waited = Math.max(0, performance.now() - currentContext().startedAt) / 1000;
    const ended = await this.sessions.endBySpentToken(spent, waited);
    const owner = ended && (await this.users.credentialsById(ended.userId));
    if (!owner) return;
    this.log.warn(`A refresh token was used twice: session ${ended.id} has been ended`);
    const subject = { kind: 'session', id: ended.id, name: nameOf(owner) };
    const { tenantId } = owner;
    await this.audit.record({ action: 'session.compromised', subject, tenantId });
  }

  private seen(found: FoundPrincipal | null): Principal | null {
    if (found?.isStale) this.touch(found.principal.sessionId);
    return found?.principal ?? null;
  }

  /** Runs after the response; a failure does not fail the request. */
  private touch(id: string): void {
    this.unitOfWork
      .inNewTransaction(identityRole, () => this.sessions.touch(id))
      .catch((error: Error) => this.log.warn(`A session could not be touched: ${error.message}`));
  }
}
