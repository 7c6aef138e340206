import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import type { Role } from '../../core/context/principal.js';

/** What the organisation decided, and how many of its people have a second factor. */
export interface SecurityPolicy {
  /** The day (ISO 8601, UTC) from which a second factor is required; null: it is optional. */
  secondFactorFrom: string | null;
  version: number;
  /** Active members, and those of them who have a second factor. */
  people: number;
  protected: number;
}

export interface SecuredPerson {
  /** Of the profile. */
  id: string;
  email: string;
  displayName: string | null;
  role: Role;
  /** Kinds of second factors. */
  secondFactors: string[];
}

/** Somebody to remind. */
export interface UnsecuredPerson {
  email: string;
  /** ISO 639-1; null where none was chosen. */
  language: string | null;
}

export interface SecuredMember {
  userId: string;
  role: Role;
  isStaff: boolean;
}

/** How many people are listed. */
const LISTED = 200;

/** Second factors in the current organisation. */
@Injectable()
export class SecurityRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async policy(): Promise<SecurityPolicy> {
    const [row] = await this.unitOfWork.read<SecurityPolicy>({
      name: 'security-policy',
      text: `SELECT t.second_factor_from::text AS "secondFactorFrom", t.version,
          count(u.id)::int AS people,
          (count(u.id) FILTER (WHERE cardinality(u.second_factors) > 0))::int AS protected
        FROM tenant t
        LEFT JOIN user_profile p ON p.tenant_id = t.id AND ${ACTIVE}
        LEFT JOIN users u ON u.id = p.user_id
        WHERE t.id = app_tenant_id() GROUP BY t.id`,
    });
    return row!;
  }

  /** Active members, those without a second factor first; no more than `LISTED`. */
  people(): Promise<SecuredPerson[]> {
    return this.unitOfWork.read<SecuredPerson>({
      name: 'secured-people',
      text: `SELECT p.id, u.email, p.display_name AS "displayName", p.role,
          u.second_factors AS "secondFactors"
        FROM user_profile p JOIN users u ON u.id = p.user_id
        WHERE p.tenant_id = app_tenant_id() AND ${ACTIVE}
        ORDER BY cardinality(u.second_factors) > 0, p.listed_as, p.id LIMIT ${LISTED}`,
    });
  }

  /** All active members without a second factor. */
  without(): Promise<UnsecuredPerson[]> {
    return this.unitOfWork.read<UnsecuredPerson>({
      name: 'unsecured-people',
      text: `SELECT u.email, l.code AS language
        FROM user_profile p JOIN users u ON u.id = p.user_id
        LEFT JOIN language l ON l.id = p.language_id
        WHERE p.tenant_id = app_tenant_id() AND ${ACTIVE} AND cardinality(u.second_factors) = 0
        ORDER BY p.id`,
    });
  }

  /** The organisation, locked until the unit of work ends. */
  async lock(): Promise<{
    version: number;
    secondFactorFrom: string | null;
    organization: string;
  }> {
    const [row] = await this.unitOfWork.query<{
      version: number;
      secondFactorFrom: string | null;
      organization: string;
    }>(
      `SELECT version, second_factor_from::text AS "secondFactorFrom", organization FROM tenant
       WHERE id = app_tenant_id() FOR NO KEY UPDATE`,
    );
    return row!;
  }

  async require(from: string | null): Promise<void> {
    await this.unitOfWork.execute(
      `UPDATE tenant SET second_factor_from = $1, version = version + 1 WHERE id = app_tenant_id()`,
      [from],
    );
  }

  /** The account of an active member, with the role; null for anybody else. */
  async member(profileId: string): Promise<SecuredMember | null> {
    const [row] = await this.unitOfWork.query<SecuredMember>(
      `SELECT p.user_id AS "userId", p.role, u.is_staff AS "isStaff"
       FROM user_profile p JOIN users u ON u.id = p.user_id
       WHERE p.id = $1 AND p.tenant_id = app_tenant_id() AND ${ACTIVE} FOR SHARE OF p`,
      [profileId],
    );
    return row ?? null;
  }

  /** Whether the profile is an active admin of the organisation now. */
  async isAdmin(profileId: string): Promise<boolean> {
    return (await this.member(profileId))?.role === 'admin';
  }
}

const ACTIVE = 'p.is_active AND p.account_open AND p.deleted_at IS NULL';
