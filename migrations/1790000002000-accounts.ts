import type { MigrationInterface, QueryRunner } from 'typeorm';
import { AUDIT_COLUMNS, forceRowSecurity, stampAudit } from './support/tenant-table.v1.js';

/** Organisations, users, profiles with their membership, sessions, single-use tokens, rate limits. */
export class Accounts1790000002000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await this.tenant(runner);
    await this.users(runner);
    await this.userProfile(runner);
    await this.session(runner);
    await this.userToken(runner);
    await this.rateLimit(runner);
  }

  private async tenant(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE tenant (${AUDIT_COLUMNS},
      organization varchar(200) NOT NULL,
      logo varchar(200),
      currency_id integer,
      CONSTRAINT pk_tenant PRIMARY KEY (id),
      CONSTRAINT fk_tenant_currency_id FOREIGN KEY (currency_id) REFERENCES currency (id),
      CONSTRAINT ck_tenant_organization CHECK (length(btrim(organization)) > 0))`);
    await runner.query(`CREATE INDEX idx_tenant_is_active ON tenant (is_active)`);
    await forceRowSecurity(runner, 'tenant');
    await runner.query(`CREATE POLICY own_tenant ON tenant TO app_user
      USING (id = app_tenant_id()) WITH CHECK (id = app_tenant_id())`);
    await runner.query(
      `CREATE POLICY identity_reads ON tenant FOR SELECT TO app_identity USING (true)`,
    );
    await runner.query(`GRANT SELECT, INSERT, UPDATE ON tenant TO app_user`);
    await runner.query(`GRANT SELECT ON tenant TO app_identity`);
    await stampAudit(runner, 'tenant');
  }

  private async users(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE users (
      id uuid NOT NULL DEFAULT gen_random_uuid(),
      email varchar(254) NOT NULL,
      password_hash varchar(100),
      is_active boolean NOT NULL DEFAULT true,
      is_staff boolean NOT NULL DEFAULT false,
      is_superuser boolean NOT NULL DEFAULT false,
      email_verified_at timestamptz,
      last_login_at timestamptz,
      created_at timestamptz NOT NULL DEFAULT now(),
      deleted_at timestamptz,
      deleted_by uuid,
      CONSTRAINT pk_users PRIMARY KEY (id))`);
    await runner.query(`CREATE UNIQUE INDEX uq_users_email ON users (lower(email))`);
    await runner.query(`CREATE INDEX idx_users_is_active ON users (is_active)`);
  }

  private async userProfile(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE user_profile (${AUDIT_COLUMNS},
      user_id uuid NOT NULL,
      display_name varchar(100),
      language_id integer,
      timezone_id integer,
      country_id integer,
      theme varchar(20) NOT NULL DEFAULT 'system',
      marketing_emails boolean NOT NULL DEFAULT false,
      profile_completed_at timestamptz,
      avatar varchar(200),
      tenant_id uuid,
      role varchar(20),
      tenant_joined_at timestamptz,
      tenant_revoked_at timestamptz,
      CONSTRAINT pk_user_profile PRIMARY KEY (id),
      CONSTRAINT uq_user_profile_user_id UNIQUE (user_id),
      CONSTRAINT fk_user_profile_user_id FOREIGN KEY (user_id) REFERENCES users (id),
      CONSTRAINT fk_user_profile_tenant_id FOREIGN KEY (tenant_id) REFERENCES tenant (id),
      CONSTRAINT fk_user_profile_language_id FOREIGN KEY (language_id) REFERENCES language (id),
      CONSTRAINT fk_user_profile_timezone_id FOREIGN KEY (timezone_id) REFERENCES timezone (id),
      CONSTRAINT fk_user_profile_country_id FOREIGN KEY (country_id) REFERENCES country (id),
      CONSTRAINT ck_user_profile_theme CHECK (theme IN ('corporate', 'night', 'system')),
      CONSTRAINT ck_user_profile_role CHECK (role IN ('admin', 'member')),
      CONSTRAINT ck_user_profile_membership CHECK (
        (tenant_id IS NULL) = (role IS NULL) AND (tenant_id IS NULL) = (tenant_joined_at IS NULL)))`);
    await runner.query(`CREATE INDEX idx_user_profile_is_active ON user_profile (is_active)`);
    await runner.query(`CREATE INDEX idx_user_profile_tenant_id ON user_profile (tenant_id)`);

    await runner.query(`CREATE FUNCTION keep_membership() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF OLD.tenant_id IS NOT NULL AND NEW.tenant_id IS DISTINCT FROM OLD.tenant_id THEN
          RAISE EXCEPTION 'a membership is set once and never cleared'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'user_profile_tenant_set_once';
        END IF;
        RETURN NEW;
      END $$`);
    await runner.query(`CREATE TRIGGER keep_membership BEFORE UPDATE OF tenant_id ON user_profile
      FOR EACH ROW EXECUTE FUNCTION keep_membership()`);

    await forceRowSecurity(runner, 'user_profile');
    // One's own profile, before there is an organisation too, and those of one's organisation.
    // A row may only be written into no organisation or the one in context.
    await runner.query(`CREATE POLICY own_and_tenant ON user_profile TO app_user
      USING (user_id = app_actor_id() OR tenant_id = app_tenant_id())
      WITH CHECK ((user_id = app_actor_id() AND tenant_id IS NULL) OR tenant_id = app_tenant_id())`);
    await runner.query(`CREATE POLICY identity ON user_profile TO app_identity
      USING (true) WITH CHECK (true)`);
    await runner.query(`GRANT SELECT, UPDATE ON user_profile TO app_user`);
    await runner.query(`GRANT SELECT, INSERT ON user_profile TO app_identity`);
    await stampAudit(runner, 'user_profile');

    // Users have no organisation of their own: whoever's profile is visible, is visible.
    await forceRowSecurity(runner, 'users');
    await runner.query(`CREATE POLICY own_and_tenant ON users FOR SELECT TO app_user
      USING (id = app_actor_id() OR EXISTS (SELECT 1 FROM user_profile p WHERE p.user_id = users.id))`);
    await runner.query(
      `CREATE POLICY identity ON users TO app_identity USING (true) WITH CHECK (true)`,
    );
    await runner.query(`GRANT SELECT (id, email, is_active, is_staff, is_superuser, email_verified_at,
      last_login_at, created_at, deleted_at, deleted_by) ON users TO app_user`);
    await runner.query(`GRANT SELECT, INSERT, UPDATE ON users TO app_identity`);
  }

  private async session(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE session (
      id uuid NOT NULL DEFAULT gen_random_uuid(),
      user_id uuid NOT NULL,
      kind varchar(10) NOT NULL,
      token_hash bytea NOT NULL,
      flags jsonb NOT NULL DEFAULT '{}',
      user_agent varchar(400),
      ip inet,
      created_at timestamptz NOT NULL DEFAULT now(),
      last_seen_at timestamptz NOT NULL DEFAULT now(),
      expires_at timestamptz NOT NULL,
      ended_at timestamptz,
      CONSTRAINT pk_session PRIMARY KEY (id),
      CONSTRAINT uq_session_token_hash UNIQUE (token_hash),
      CONSTRAINT fk_session_user_id FOREIGN KEY (user_id) REFERENCES users (id),
      CONSTRAINT ck_session_kind CHECK (kind IN ('browser', 'api')))`);
    await runner.query(
      `CREATE INDEX idx_session_user ON session (user_id, last_seen_at DESC) WHERE ended_at IS NULL`,
    );
    await forceRowSecurity(runner, 'session');
    await runner.query(`CREATE POLICY own ON session TO app_user
      USING (user_id = app_actor_id()) WITH CHECK (user_id = app_actor_id())`);
    await runner.query(
      `CREATE POLICY identity ON session TO app_identity USING (true) WITH CHECK (true)`,
    );
    await runner.query(`GRANT SELECT (id, user_id, kind, flags, user_agent, ip, created_at, last_seen_at,
      expires_at, ended_at), UPDATE (flags, ended_at) ON session TO app_user`);
    await runner.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON session TO app_identity`);
  }

  private async userToken(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE user_token (
      id uuid NOT NULL DEFAULT gen_random_uuid(),
      user_id uuid NOT NULL,
      purpose varchar(30) NOT NULL,
      token_hash bytea NOT NULL,
      email varchar(254) NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now(),
      expires_at timestamptz NOT NULL,
      used_at timestamptz,
      CONSTRAINT pk_user_token PRIMARY KEY (id),
      CONSTRAINT uq_user_token_token_hash UNIQUE (token_hash),
      CONSTRAINT fk_user_token_user_id FOREIGN KEY (user_id) REFERENCES users (id),
      CONSTRAINT ck_user_token_purpose CHECK (purpose IN ('password_reset', 'email_verification', 'email_change')))`);
    await runner.query(
      `CREATE INDEX idx_user_token_user_id_purpose ON user_token (user_id, purpose)`,
    );
    await forceRowSecurity(runner, 'user_token');
    await runner.query(
      `CREATE POLICY identity ON user_token TO app_identity USING (true) WITH CHECK (true)`,
    );
    await runner.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON user_token TO app_identity`);
  }

  private async rateLimit(runner: QueryRunner): Promise<void> {
    // Counters of minutes: not worth the write-ahead log, and an empty table after a crash is right.
    await runner.query(`CREATE UNLOGGED TABLE rate_limit (
      key bytea NOT NULL,
      hits integer NOT NULL,
      resets_at timestamptz NOT NULL,
      CONSTRAINT pk_rate_limit PRIMARY KEY (key))`);
    await runner.query(`CREATE INDEX idx_rate_limit_resets_at ON rate_limit (resets_at)`);
    await runner.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON rate_limit TO app_identity`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['rate_limit', 'user_token', 'session']) {
      await runner.query(`DROP TABLE ${table}`);
    }
    await runner.query(`DROP POLICY own_and_tenant ON users`);
    await runner.query(`DROP TABLE user_profile`);
    await runner.query(`DROP FUNCTION keep_membership()`);
    await runner.query(`DROP TABLE users`);
    await runner.query(`DROP TABLE tenant`);
  }
}
