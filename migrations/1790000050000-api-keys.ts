import type { MigrationInterface, QueryRunner } from 'typeorm';
import { AUDIT_COLUMNS, protectTenantTable } from './support/tenant-table.v1.js';

/** Keys machines of an organisation show to the API. Whoever shows one is in no organisation yet. */
export class ApiKeys1790000050000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE api_key (${AUDIT_COLUMNS},
      tenant_id uuid NOT NULL,
      name varchar(100) NOT NULL,
      prefix varchar(20) NOT NULL,
      key_hash bytea NOT NULL,
      scopes text[] NOT NULL,
      expires_at timestamptz,
      last_used_at timestamptz,
      revoked_at timestamptz,
      revoked_by uuid,
      CONSTRAINT pk_api_key PRIMARY KEY (id),
      CONSTRAINT uq_api_key_key_hash UNIQUE (key_hash),
      CONSTRAINT fk_api_key_tenant_id FOREIGN KEY (tenant_id) REFERENCES tenant (id),
      CONSTRAINT ck_api_key_scopes CHECK (cardinality(scopes) > 0))`);
    await runner.query(`CREATE INDEX idx_api_key_tenant_id ON api_key (tenant_id)`);
    await runner.query(`CREATE INDEX idx_api_key_is_active ON api_key (is_active)`);
    // A form that is sent twice makes one key: the second finds the name taken.
    await runner.query(`CREATE UNIQUE INDEX uq_api_key_name
      ON api_key (tenant_id, lower(name)) WHERE revoked_at IS NULL`);
    await protectTenantTable(runner, 'api_key');
    await runner.query(
      `CREATE POLICY identity_reads ON api_key FOR SELECT TO app_identity USING (true)`,
    );
    await runner.query(
      `CREATE POLICY identity_notes_use ON api_key FOR UPDATE TO app_identity USING (true)`,
    );
    await runner.query(`GRANT SELECT, UPDATE (last_used_at) ON api_key TO app_identity`);

    // A machine that invites somebody is no person.
    await runner.query(`ALTER TABLE invitation ALTER invited_by_id DROP NOT NULL`);
  }

  /** Fails while a machine has invited somebody: there is no person to name instead. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE invitation ALTER invited_by_id SET NOT NULL`);
    await runner.query(`DROP TABLE api_key`);
  }
}
