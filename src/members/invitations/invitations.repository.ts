import { Injectable } from '@nestjs/common';
import type { Role } from '../../core/context/principal.js';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import { canonicalPart } from '../../core/utils/email-address.js';
import { LIVE_LINK } from '../invitation-links/invitation-links.repository.js';
import { INVITATION_DAYS, type InvitationState } from './invitation.entity.js';
import { identityRole } from '../../core/database/privileged/identity.role.js';

/** An invitation as seen by admins. */
export interface InvitationRow {
  id: string;
  email: string;
  role: Role;
  state: InvitationState;
  isLive: boolean;
  /** Only in lists. */
  invitedBy?: string | null;
  createdAt: Date;
  expiresAt: Date;
}

/** An invitation as seen by the holder of its link. */
export interface OpenedInvitation {
  id: string;
  tenantId: string;
  organization: string;
  logoKey: string | null;
  email: string;
  role: Role;
  state: InvitationState;
  isLive: boolean;
  invitedBy: string;
  /** Account with that address, if any, and its organisation. */
  userId: string | null;
  userTenantId: string | null;
  /** Whether the account never verified the address, so that the holder of the link may take it over. */
  canTakeOver: boolean;
}

export interface NewInvitation {
  email: string;
  role: Role;
  /** Null: invited by an API key. */
  invitedById: string | null;
  tokenHash: Buffer;
  /** The invitation link through which the address asked. */
  linkId?: string;
}

export interface AcceptedInvitation {
  email: string;
  role: Role;
  /** The invitation link through which it was asked for. */
  linkId: string | null;
}

@Injectable()
export class InvitationsRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Adds a pending invitation; null when the address has one (decided by a unique index). */
  async add({
    email,
    role,
    invitedById,
    tokenHash,
    linkId,
  }: NewInvitation): Promise<string | null> {
    const [row] = await this.unitOfWork.query<{ id: string }>(
      `INSERT INTO invitation (tenant_id, email, role, invited_by_id, token_hash, link_id, expires_at)
       VALUES (app_tenant_id(), $1, $2, $3, $4, $5, now() + make_interval(days => $6))
       ON CONFLICT (tenant_id, lower(email)) WHERE state = 'pending' DO NOTHING RETURNING id`,
      [email, role, invitedById, tokenHash, linkId ?? null, INVITATION_DAYS],
    );
    return row?.id ?? null;
  }

  /** Marks expired invitations of these addresses, so that new ones can be added. */
  async expire(emails: string[]): Promise<void> {
    await this.unitOfWork.post({
      text: `UPDATE invitation SET state = 'expired' WHERE tenant_id = app_tenant_id()
         AND state = 'pending' AND expires_at <= now() AND lower(email) = ANY($1)`,
      values: [emails],
    });
  }

  /** Invitations of any state after an id, by id, for the export. */
  all(after: string | null, limit: number): Promise<InvitationRow[]> {
    return this.unitOfWork.read<InvitationRow>({
      name: 'all-invitations',
      text: `SELECT ${COLUMNS} FROM invitation i WHERE i.tenant_id = app_tenant_id()
          AND ($1::uuid IS NULL OR i.id > $1) ORDER BY i.id LIMIT $2`,
      values: [after, limit],
    });
  }

  async find(id: string): Promise<InvitationRow | null> {
    const [row] = await this.unitOfWork.read<InvitationRow>({
      name: 'invitation',
      text: `SELECT ${COLUMNS} FROM invitation i WHERE id = $1 AND tenant_id = app_tenant_id()`,
      values: [id],
    });
    return row ?? null;
  }

  /** Those of these invitations that the organisation has, by address. */
  among(ids: string[]): Promise<InvitationRow[]> {
    return this.unitOfWork.read<InvitationRow>({
      name: 'invitations-among',
      text: `SELECT ${COLUMNS} FROM invitation i WHERE id = ANY($1)
          AND tenant_id = app_tenant_id() ORDER BY lower(email), id`,
      values: [ids],
    });
  }

  /** The invitation of the current organisation, locked; null when unknown. */
  async lock(id: string): Promise<InvitationRow | null> {
    const [row] = await this.unitOfWork.query<InvitationRow>(
      `SELECT ${COLUMNS} FROM invitation i WHERE id = $1 AND tenant_id = app_tenant_id() FOR UPDATE`,
      [id],
    );
    return row ?? null;
  }

  /** Replaces the token by a new one for seven days. */
  async renew(id: string, tokenHash: Buffer): Promise<void> {
    await this.unitOfWork.execute(
      `UPDATE invitation SET token_hash = $2, expires_at = now() + make_interval(days => $3)
       WHERE id = $1 AND tenant_id = app_tenant_id()`,
      [id, tokenHash, INVITATION_DAYS],
    );
  }

  /** Replaces the token of an invitation that was asked for through this link; false where there is none. */
  async renewOfLink(email: string, linkId: string, tokenHash: Buffer): Promise<boolean> {
    const renewed = await this.unitOfWork.execute(
      `UPDATE invitation SET token_hash = $3, expires_at = now() + make_interval(days => $4)
       WHERE tenant_id = app_tenant_id() AND lower(email) = lower($1) AND link_id = $2
         AND state = 'pending'`,
      [email, linkId, tokenHash, INVITATION_DAYS],
    );
    return renewed > 0;
  }

  /** Returns the moment by which `restore` knows this cancellation. */
  async cancel(id: string): Promise<string> {
    const [row] = await this.unitOfWork.query<{ at: string }>(
      `UPDATE invitation SET state = 'cancelled' WHERE id = $1 AND tenant_id = app_tenant_id()
       RETURNING updated_at::text AS at`,
      [id],
    );
    return row!.at;
  }

  /**
   * Takes a cancellation back, as long as nothing has changed since, the link would still be valid, and its address was not
   * invited anew. False where it cannot be.
   */
  async restore(id: string, cancelledAt: string): Promise<boolean> {
    const restored = await this.unitOfWork.execute(
      `UPDATE invitation i SET state = 'pending'
       WHERE id = $1 AND tenant_id = app_tenant_id() AND state = 'cancelled' AND updated_at::text = $2
         AND expires_at > now() AND NOT EXISTS (SELECT FROM invitation later
           WHERE later.tenant_id = app_tenant_id() AND lower(later.email) = lower(i.email)
             AND later.id <> i.id AND later.created_at >= i.created_at)`,
      [id, cancelledAt],
    );
    return restored > 0;
  }

  /**
   * Marks an invitation of the current organisation accepted; one of several concurrent requests succeeds.
   */
  async accept(tokenHash: Buffer): Promise<AcceptedInvitation | null> {
    const [row] = await this.unitOfWork.query<AcceptedInvitation>(
      `UPDATE invitation SET state = 'accepted', accepted_at = now()
       WHERE tenant_id = app_tenant_id() AND token_hash = $1 AND state = 'pending'
         AND expires_at > now() AND deleted_at IS NULL
       RETURNING email, role, link_id AS "linkId"`,
      [tokenHash],
    );
    return row ?? null;
  }

  /** Pending invitations, expired ones included, by address. */
  async pending(query: { q?: string; after?: string; limit: number }): Promise<InvitationRow[]> {
    const { q, after, limit } = query;
    return this.unitOfWork.read<InvitationRow>({
      name: `pending-invitations${q ? '-q' : ''}`,
      text: `SELECT ${COLUMNS}, coalesce(p.display_name, u.email) AS "invitedBy"
        FROM (SELECT * FROM invitation WHERE tenant_id = app_tenant_id() AND state = 'pending'
            AND deleted_at IS NULL AND lower(email) > $2
            ${q ? `AND lower(email) LIKE '%' || $3 || '%'` : ''}
          ORDER BY lower(email) LIMIT $1) i
        LEFT JOIN users u ON u.id = i.invited_by_id
        LEFT JOIN user_profile p ON p.user_id = i.invited_by_id
        ORDER BY lower(i.email)`,
      values: [limit, after ?? '', ...(q ? [escapeLike(canonicalPart(q))] : [])],
      inIndexOrder: true,
    });
  }

  /** In a unit of work: people who may still join. */
  async countPending(): Promise<number> {
    const [row] = await this.unitOfWork.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM invitation
       WHERE tenant_id = app_tenant_id() AND state = 'pending' AND expires_at > now()`,
    );
    return row!.count;
  }

  /** Which of these addresses have a valid invitation of the current organisation, in lower case. */
  async pendingAmong(emails: string[]): Promise<string[]> {
    const rows = await this.unitOfWork.read<{ email: string }>({
      name: 'pending-among',
      text: `SELECT lower(email) AS email FROM invitation WHERE tenant_id = app_tenant_id()
          AND state = 'pending' AND expires_at > now() AND lower(email) = ANY($1)`,
      values: [emails],
    });
    return rows.map(({ email }) => email);
  }

  async pendingIdOf(email: string): Promise<string | null> {
    const [row] = await this.unitOfWork.query<{ id: string }>(
      `SELECT id FROM invitation WHERE tenant_id = app_tenant_id() AND state = 'pending'
         AND lower(email) = lower($1)`,
      [email],
    );
    return row?.id ?? null;
  }

  /** Runs as the identity role, since the holder of the link has no organisation yet. */
  async opened(tokenHash: Buffer): Promise<OpenedInvitation | null> {
    const [row] = await this.unitOfWork.read<OpenedInvitation>(
      {
        name: 'opened-invitation',
        text: `SELECT i.id, i.tenant_id AS "tenantId", t.organization, t.logo AS "logoKey", i.email,
            i.role, i.state, i.state = 'pending' AND i.expires_at > now() AND t.is_active
              AND (i.link_id IS NULL OR ${LIVE_LINK}) AS "isLive",
            coalesce(ip.display_name, iu.email, t.organization) AS "invitedBy",
            u.id AS "userId", p.tenant_id AS "userTenantId",
            u.id IS NOT NULL AND NOT (${SETTLED}) AND p.tenant_id IS DISTINCT FROM i.tenant_id
              AS "canTakeOver"
          FROM invitation i
          JOIN tenant t ON t.id = i.tenant_id AND t.deleted_at IS NULL
          LEFT JOIN invitation_link k ON k.id = i.link_id
          LEFT JOIN users iu ON iu.id = i.invited_by_id
          LEFT JOIN user_profile ip ON ip.user_id = iu.id
          LEFT JOIN users u ON lower(u.email) = lower(i.email)
          LEFT JOIN user_profile p ON p.user_id = u.id
          LEFT JOIN tenant own ON own.id = p.tenant_id
          WHERE i.token_hash = $1 AND i.deleted_at IS NULL`,
        values: [tokenHash],
      },
      identityRole,
    );
    return row ?? null;
  }

  /** Which of these addresses have an account, whether it has an organisation, and its language. */
  async known(emails: string[]): Promise<KnownAddress[]> {
    return this.unitOfWork.read<KnownAddress>(
      {
        name: 'known-addresses',
        text: `SELECT lower(u.email) AS email, p.tenant_id IS NOT NULL
            AND (p.tenant_id = app_tenant_id() OR ${SETTLED}) AS "belongs", l.code AS language
          FROM users u JOIN user_profile p ON p.user_id = u.id
          LEFT JOIN tenant own ON own.id = p.tenant_id
          LEFT JOIN language l ON l.id = p.language_id
          WHERE lower(u.email) = ANY($1)`,
        values: [emails],
      },
      identityRole,
    );
  }
}

export interface KnownAddress {
  email: string;
  belongs: boolean;
  language: string | null;
}

/**
 * Whether an account keeps its address: it was verified, or others admitted it to their organisation. An
 * account that only registered and founded an organisation yields to the address's owner.
 */
const SETTLED = `(u.first_verified_at IS NOT NULL
  OR (p.tenant_id IS NOT NULL AND own.created_by IS DISTINCT FROM u.id))`;

const COLUMNS = `i.id, i.email, i.role, i.state, i.state = 'pending' AND i.expires_at > now() AS "isLive",
  i.created_at AS "createdAt", i.expires_at AS "expiresAt"`;

/** Escapes `%` and `_`. */
function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, String.raw`\$&`);
}
