import type { MigrationInterface, QueryRunner } from 'typeorm';
import { AUDIT_COLUMNS, protectTenantTable } from './support/tenant-table.v3.js';

/**
 * Links by which several people may join an organisation (ADR 123). Only the hash of a secret is stored; the number
 * of uses is held by a check, so that of two people at once one takes the last. Invitations that were asked for
 * through a link know it.
 */
export class InvitationLinks1790000180100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE invitation_link (${AUDIT_COLUMNS},
      tenant_id uuid NOT NULL,
      role varchar(20) NOT NULL,
      domains text[] NOT NULL DEFAULT '{}',
      token_hash bytea NOT NULL,
      max_uses integer NOT NULL,
      uses integer NOT NULL DEFAULT 0,
      expires_at timestamptz NOT NULL,
      revoked_at timestamptz,
      CONSTRAINT pk_invitation_link PRIMARY KEY (id),
      CONSTRAINT uq_invitation_link_token_hash UNIQUE (token_hash),
      CONSTRAINT uq_invitation_link_tenant_id_id UNIQUE (tenant_id, id),
      CONSTRAINT fk_invitation_link_tenant_id FOREIGN KEY (tenant_id) REFERENCES tenant (id),
      CONSTRAINT ck_invitation_link_role CHECK (role IN ('admin', 'member')),
      CONSTRAINT ck_invitation_link_max_uses CHECK (max_uses BETWEEN 1 AND 1000),
      CONSTRAINT ck_invitation_link_uses CHECK (uses BETWEEN 0 AND max_uses))`);
    await runner.query('CREATE INDEX idx_invitation_link_tenant_id ON invitation_link (tenant_id)');
    await runner.query(
      'CREATE INDEX idx_invitation_link_is_active ON invitation_link (is_active) WHERE NOT is_active',
    );
    await protectTenantTable(runner, 'invitation_link');
    // Whoever opens a link is in no organisation yet.
    await runner.query(
      'CREATE POLICY identity_reads ON invitation_link FOR SELECT TO app_identity USING (true)',
    );
    await runner.query('GRANT SELECT ON invitation_link TO app_identity');

    await runner.query(`ALTER TABLE invitation ADD COLUMN link_id uuid,
      ADD CONSTRAINT fk_invitation_link_id_tenant_id FOREIGN KEY (link_id, tenant_id)
        REFERENCES invitation_link (id, tenant_id)`);
    await runner.query('GRANT SELECT (link_id) ON invitation TO app_staff');
    await runner.query(
      'CREATE INDEX idx_invitation_link_id ON invitation (link_id) WHERE link_id IS NOT NULL',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE invitation DROP COLUMN link_id');
    await runner.query('DROP TABLE invitation_link');
  }
}
