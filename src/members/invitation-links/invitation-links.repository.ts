import { Injectable } from '@nestjs/common';
import type { Role } from '../../core/context/principal.js';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import { identityRole } from '../../core/database/privileged/identity.role.js';

/** A link as seen by admins. */
export interface InvitationLinkRow {
  id: string;
  role: Role;
  domains: string[];
  maxUses: number;
  uses: number;
  isLive: boolean;
  createdAt: Date;
  expiresAt: Date;
  revokedAt: Date | null;
}

/** A link as seen by its holder; `isLive`: somebody may still join through it. */
export interface OpenedLink {
  id: string;
  tenantId: string;
  organization: string;
  logoKey: string | null;
  role: Role;
  domains: string[];
  isLive: boolean;
  expiresAt: Date;
  /** Who made it; null: an API key. */
  createdBy: string | null;
}

export interface NewLink {
  role: Role;
  domains: string[];
  maxUses: number;
  /** Days until it ends. */
  days: number;
  tokenHash: Buffer;
}

/** Maximum number of links that are listed: the latest. */
const LISTED = 100;

@Injectable()
export class InvitationLinksRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async add({ role, domains, maxUses, days, tokenHash }: NewLink): Promise<string> {
    const [row] = await this.unitOfWork.query<{ id: string }>(
      `INSERT INTO invitation_link (tenant_id, role, domains, max_uses, expires_at, token_hash)
       VALUES (app_tenant_id(), $1, $2, $3, now() + make_interval(days => $4), $5) RETURNING id`,
      [role, domains, maxUses, days, tokenHash],
    );
    return row!.id;
  }

  /** The latest first. */
  listed(): Promise<InvitationLinkRow[]> {
    return this.unitOfWork.read<InvitationLinkRow>({
      name: 'invitation-links',
      text: `SELECT ${COLUMNS} FROM invitation_link k WHERE k.tenant_id = app_tenant_id()
          AND k.deleted_at IS NULL ORDER BY k.created_at DESC, k.id LIMIT $1`,
      values: [LISTED],
    });
  }

  async find(id: string): Promise<InvitationLinkRow | null> {
    const [row] = await this.unitOfWork.read<InvitationLinkRow>({
      name: 'invitation-link',
      text: `SELECT ${COLUMNS} FROM invitation_link k
        WHERE k.id = $1 AND k.tenant_id = app_tenant_id() AND k.deleted_at IS NULL`,
      values: [id],
    });
    return row ?? null;
  }

  /** In a unit of work: links that still open something. */
  async countLive(): Promise<number> {
    const [row] = await this.unitOfWork.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM invitation_link k
       WHERE k.tenant_id = app_tenant_id() AND ${LIVE_LINK}`,
    );
    return row!.count;
  }

  /** Ends a link, and the invitations that were asked for through it; false where it was revoked before. */
  async revoke(id: string): Promise<boolean> {
    const revoked = await this.unitOfWork.execute(
      `UPDATE invitation_link SET revoked_at = now()
       WHERE id = $1 AND tenant_id = app_tenant_id() AND revoked_at IS NULL`,
      [id],
    );
    if (revoked === 0) return false;
    await this.unitOfWork.execute(
      `UPDATE invitation SET state = 'cancelled'
       WHERE link_id = $1 AND tenant_id = app_tenant_id() AND state = 'pending'`,
      [id],
    );
    return true;
  }

  /**
   * Counts one more who joins; false where the link is revoked, over, or used as often as it may be. The row's update
   * decides: of two people at the same moment one takes the last.
   */
  async takeUse(id: string): Promise<boolean> {
    const taken = await this.unitOfWork.execute(
      `UPDATE invitation_link k SET uses = uses + 1
       WHERE k.id = $1 AND k.tenant_id = app_tenant_id() AND ${LIVE_LINK}`,
      [id],
    );
    return taken > 0;
  }

  /** Runs as the identity role, since the holder of the link has no organisation yet. */
  async opened(tokenHash: Buffer): Promise<OpenedLink | null> {
    const [row] = await this.unitOfWork.read<OpenedLink>(
      {
        name: 'opened-invitation-link',
        text: `SELECT k.id, k.tenant_id AS "tenantId", t.organization, t.logo AS "logoKey", k.role,
            k.domains, ${LIVE_LINK} AND t.is_active AND t.closed_at IS NULL AND t.erase_at IS NULL AS "isLive",
            k.expires_at AS "expiresAt", k.created_by AS "createdBy"
          FROM invitation_link k JOIN tenant t ON t.id = k.tenant_id AND t.deleted_at IS NULL
          WHERE k.token_hash = $1`,
        values: [tokenHash],
      },
      identityRole,
    );
    return row ?? null;
  }
}

/** SQL condition: the link `k` opens something. */
export const LIVE_LINK = `(k.revoked_at IS NULL AND k.expires_at > now() AND k.uses < k.max_uses
  AND k.deleted_at IS NULL)`;

const COLUMNS = `k.id, k.role, k.domains, k.max_uses AS "maxUses", k.uses, ${LIVE_LINK} AS "isLive",
  k.created_at AS "createdAt", k.expires_at AS "expiresAt", k.revoked_at AS "revokedAt"`;
