import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ensureRole } from './support/ensure-role.v1.js';
import { forceRowSecurity } from './support/tenant-table.v1.js';

/** What staff decide about features: for one organisation, one person, or a share of all. */
export class FeatureFlags1790000080000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await ensureRole(runner, 'app_flags');
    await runner.query(`CREATE TABLE feature_override (
      id uuid NOT NULL DEFAULT gen_random_uuid(),
      flag varchar(60) NOT NULL,
      tenant_id uuid,
      user_id uuid,
      is_on boolean NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now(),
      created_by uuid,
      CONSTRAINT pk_feature_override PRIMARY KEY (id),
      CONSTRAINT uq_feature_override_flag_tenant_id UNIQUE (flag, tenant_id),
      CONSTRAINT uq_feature_override_flag_user_id UNIQUE (flag, user_id),
      CONSTRAINT fk_feature_override_tenant_id FOREIGN KEY (tenant_id) REFERENCES tenant (id),
      CONSTRAINT fk_feature_override_user_id FOREIGN KEY (user_id) REFERENCES users (id),
      CONSTRAINT ck_feature_override_subject CHECK (num_nonnulls(tenant_id, user_id) = 1))`);
    await forceRowSecurity(runner, 'feature_override');
    await runner.query(
      `CREATE POLICY flags ON feature_override TO app_flags USING (true) WITH CHECK (true)`,
    );
    await runner.query(`CREATE TABLE feature_rollout (
      flag varchar(60) NOT NULL,
      percent smallint NOT NULL,
      unit varchar(10) NOT NULL,
      updated_at timestamptz NOT NULL DEFAULT now(),
      updated_by uuid,
      CONSTRAINT pk_feature_rollout PRIMARY KEY (flag),
      CONSTRAINT ck_feature_rollout_percent CHECK (percent BETWEEN 0 AND 100),
      CONSTRAINT ck_feature_rollout_unit CHECK (unit IN ('tenant', 'user')))`);
    for (const table of ['feature_override', 'feature_rollout']) {
      await runner.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON ${table} TO app_flags`);
    }

    // Staff choose for whom, by name.
    await runner.query(`CREATE POLICY flags_read ON tenant FOR SELECT TO app_flags USING (true)`);
    await runner.query(`CREATE POLICY flags_read ON users FOR SELECT TO app_flags USING (true)`);
    await runner.query(
      `CREATE POLICY flags_read ON user_profile FOR SELECT TO app_flags USING (true)`,
    );
    await runner.query(`GRANT SELECT (id, organization, deleted_at) ON tenant TO app_flags`);
    await runner.query(`GRANT SELECT (id, email, deleted_at) ON users TO app_flags`);
    await runner.query(
      `GRANT SELECT (user_id, display_name, tenant_id) ON user_profile TO app_flags`,
    );

    // Whoever changes them and however: every process hears of it when it is committed.
    await runner.query(`CREATE FUNCTION tell_flags_changed() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        PERFORM pg_notify('flags_changed', '');
        RETURN NULL;
      END $$`);
    for (const table of ['feature_override', 'feature_rollout']) {
      await runner.query(`CREATE TRIGGER tell_flags_changed
        AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON ${table}
        FOR EACH STATEMENT EXECUTE FUNCTION tell_flags_changed()`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE feature_rollout`);
    await runner.query(`DROP TABLE feature_override`);
    await runner.query(`DROP FUNCTION tell_flags_changed()`);
    for (const table of ['tenant', 'users', 'user_profile']) {
      await runner.query(`DROP POLICY flags_read ON ${table}`);
      await runner.query(`REVOKE ALL ON ${table} FROM app_flags`);
    }
    // The role stays: other databases of the server may use it.
    await runner.query(`REVOKE USAGE ON SCHEMA public FROM app_flags`);
  }
}
