import type { MigrationInterface, QueryRunner } from 'typeorm';
import { AUDIT_COLUMNS, protectTenantTable } from './support/tenant-table.v1.js';

/** Invitations to an organisation. Whoever opens a link is in none yet: the identity door finds it. */
export class Invitations1790000010000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE invitation (${AUDIT_COLUMNS},
      tenant_id uuid NOT NULL,
      email varchar(254) NOT NULL,
      role varchar(20) NOT NULL,
      invited_by_id uuid NOT NULL,
      token_hash bytea NOT NULL,
      expires_at timestamptz NOT NULL,
      state varchar(20) NOT NULL DEFAULT 'pending',
      accepted_at timestamptz,
      CONSTRAINT pk_invitation PRIMARY KEY (id),
      CONSTRAINT uq_invitation_token_hash UNIQUE (token_hash),
      CONSTRAINT fk_invitation_tenant_id FOREIGN KEY (tenant_id) REFERENCES tenant (id),
      CONSTRAINT fk_invitation_invited_by_id FOREIGN KEY (invited_by_id) REFERENCES users (id),
      CONSTRAINT ck_invitation_role CHECK (role IN ('admin', 'member')),
      CONSTRAINT ck_invitation_state CHECK (state IN ('pending', 'accepted', 'cancelled', 'expired')),
      CONSTRAINT ck_invitation_accepted CHECK ((state = 'accepted') = (accepted_at IS NOT NULL)))`);
    await runner.query(`CREATE INDEX idx_invitation_tenant_id ON invitation (tenant_id)`);
    await runner.query(`CREATE INDEX idx_invitation_is_active ON invitation (is_active)`);
    await runner.query(`CREATE INDEX idx_invitation_email ON invitation (lower(email))`);
    // One live invitation for an address in an organisation; also what the list is read by.
    await runner.query(`CREATE UNIQUE INDEX uq_invitation_pending
      ON invitation (tenant_id, lower(email)) WHERE state = 'pending'`);

    await protectTenantTable(runner, 'invitation');
    await runner.query(
      `CREATE POLICY identity_reads ON invitation FOR SELECT TO app_identity USING (true)`,
    );
    await runner.query(`GRANT SELECT ON invitation TO app_identity`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE invitation`);
  }
}
