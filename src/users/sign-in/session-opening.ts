import { Injectable } from '@nestjs/common';
import type { Assurance, SessionFlags } from '../../core/context/principal.js';
import { newToken } from '../access-tokens/tokens.js';
import {
  PENDING_MINUTES,
  PendingSignInsRepository,
} from '../second-factors/pending-sign-ins.repository.js';
import type { SessionKind } from '../sessions/session.entity.js';
import { SessionsService, type ClientInfo } from '../sessions/sessions.service.js';

/** What a way in has established about a person. */
export interface Proven {
  userId: string;
  methods: readonly string[];
  /** 2 where a second factor, or one that is two in itself, has been shown. */
  assurance: Assurance;
  /** When, where that was before: of a session that takes the place of another. Default: now. */
  authenticatedAt?: Date;
}

/** A sign-in that waits for its second factor; the token is for that alone. */
export interface WaitingSignIn {
  token: string;
  /** Seconds. */
  expiresIn: number;
  /** Kinds of second factors the person has. */
  factors: readonly string[];
}

/** Either a session (its token), or a sign-in that waits for its second factor. */
export type SignInOutcome =
  { session: string; waiting: null } | { session: null; waiting: WaitingSignIn };

/**
 * The one place where sessions begin (ASVS 6.3.4: every way in has the same strength): password, invitation,
 * registration, API. A test refuses other callers of `SessionsService.start`.
 */
@Injectable()
export class SessionOpening {
  constructor(
    private readonly sessions: SessionsService,
    private readonly pending: PendingSignInsRepository,
  ) {}

  /**
   * Within a unit of work as the identity role: starts a session, or a sign-in that waits when the person has a
   * second factor and has not shown one. The statement that adds the session decides, by the factors the
   * person has at that moment.
   */
  async open(
    proven: Proven,
    kind: SessionKind,
    client: ClientInfo,
    flags: SessionFlags = {},
  ): Promise<SignInOutcome> {
    const session = await this.sessions.start({ ...proven, kind, flags }, client);
    if (session) return { session, waiting: null };
    const { userId, methods } = proven;
    const { token, hash: tokenHash } = newToken();
    const factors = await this.pending.add({ userId, kind, tokenHash, methods });
    return { session: null, waiting: { token, expiresIn: PENDING_MINUTES * 60, factors } };
  }

  /**
   * Like `open`, for an account that was made in this unit of work and has no factor yet.
   * @throws Error when it has one
   */
  async openNew(
    userId: string,
    kind: SessionKind,
    client: ClientInfo,
    flags: SessionFlags = {},
  ): Promise<string> {
    const proven: Proven = { userId, methods: ['password'], assurance: 1 };
    const { session } = await this.open(proven, kind, client, flags);
    if (!session) throw new Error('A new account has a second factor');
    return session;
  }
}
