import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * An organisation that is not closed has an active admin whose account is open; a closed one has no
 * pending invitation and no API key that works, and nobody joins it. The database holds both, whoever
 * writes and however many write at once (ADR 40).
 */
export class ClosedOrganisations1790000093000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE tenant ADD closed_at timestamptz,
      ADD CONSTRAINT ck_tenant_closed CHECK (closed_at IS NULL OR NOT is_active)`);
    await runner.query(`CREATE FUNCTION has_admin(organisation uuid) RETURNS boolean
      LANGUAGE sql STABLE AS $$
        SELECT EXISTS (SELECT FROM user_profile WHERE tenant_id = organisation AND role = 'admin'
          AND is_active AND account_open AND deleted_at IS NULL) $$`);
    await this.keepAnAdmin(runner);
    await this.closing(runner);
    await this.joining(runner);
    await this.backfill(runner);
  }

  /** Counts closed accounts as gone, and lets the last admin of a closed organisation go. */
  private async keepAnAdmin(runner: QueryRunner): Promise<void> {
    // Accounts are closed through roles that may not lock the organisation's row, hence an advisory lock.
    await runner.query(`CREATE OR REPLACE FUNCTION keep_an_admin() RETURNS trigger
      LANGUAGE plpgsql AS $$
      BEGIN
        PERFORM pg_advisory_xact_lock(hashtext('keep_an_admin'), hashtext(OLD.tenant_id::text));
        IF NOT has_admin(OLD.tenant_id) AND NOT EXISTS (
            SELECT FROM tenant WHERE id = OLD.tenant_id AND closed_at IS NOT NULL) THEN
          RAISE EXCEPTION 'an organisation keeps at least one active admin'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'user_profile_keeps_an_admin';
        END IF;
        RETURN NULL;
      END $$`);
    await runner.query(`DROP TRIGGER keep_an_admin ON user_profile`);
    await runner.query(`CREATE CONSTRAINT TRIGGER keep_an_admin AFTER UPDATE ON user_profile
      DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW
      WHEN (OLD.tenant_id IS NOT NULL AND OLD.role = 'admin' AND OLD.is_active AND OLD.account_open
        AND OLD.deleted_at IS NULL AND (NEW.role <> 'admin' OR NOT NEW.is_active
          OR NOT NEW.account_open OR NEW.deleted_at IS NOT NULL))
      EXECUTE FUNCTION keep_an_admin()`);
    await runner.query(`CREATE CONSTRAINT TRIGGER keep_an_admin_row AFTER DELETE ON user_profile
      DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW
      WHEN (OLD.tenant_id IS NOT NULL AND OLD.role = 'admin' AND OLD.is_active AND OLD.account_open
        AND OLD.deleted_at IS NULL)
      EXECUTE FUNCTION keep_an_admin()`);
  }

  private async closing(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE FUNCTION close_or_reopen_tenant() RETURNS trigger
      LANGUAGE plpgsql AS $$
      BEGIN
        IF NEW.is_active AND NOT OLD.is_active THEN
          PERFORM pg_advisory_xact_lock(hashtext('keep_an_admin'), hashtext(NEW.id::text));
          IF NOT has_admin(NEW.id) THEN
            RAISE EXCEPTION 'an organisation is re-opened with an active admin'
              USING ERRCODE = 'check_violation', CONSTRAINT = 'tenant_reopens_with_an_admin';
          END IF;
          NEW.closed_at := NULL;
        ELSIF NEW.closed_at IS NOT NULL AND OLD.closed_at IS NULL THEN
          -- Waits for those who are joining at this moment: they hold a share of this row's key.
          PERFORM 1 FROM tenant WHERE id = NEW.id FOR UPDATE;
          NEW.is_active := false;
        END IF;
        RETURN NEW;
      END $$`);
    await runner.query(`CREATE TRIGGER close_or_reopen BEFORE UPDATE OF is_active, closed_at ON tenant
      FOR EACH ROW EXECUTE FUNCTION close_or_reopen_tenant()`);
    await runner.query(`CREATE FUNCTION end_access_of_tenant() RETURNS trigger
      LANGUAGE plpgsql AS $$
      BEGIN
        UPDATE invitation SET state = 'cancelled' WHERE tenant_id = NEW.id AND state = 'pending';
        UPDATE api_key SET revoked_at = now(), revoked_by = app_actor_id()
          WHERE tenant_id = NEW.id AND revoked_at IS NULL;
        UPDATE tenant_export SET
            state = CASE WHEN state IN ('pending', 'running') THEN 'failed' ELSE state END,
            expires_at = least(expires_at, now())
          WHERE tenant_id = NEW.id AND state <> 'failed';
        RETURN NULL;
      END $$`);
    await runner.query(`CREATE TRIGGER end_access AFTER UPDATE OF closed_at ON tenant
      FOR EACH ROW WHEN (OLD.closed_at IS NULL AND NEW.closed_at IS NOT NULL)
      EXECUTE FUNCTION end_access_of_tenant()`);
  }

  /**
   * The check of the foreign key has locked the organisation's key by then: triggers of one event fire by
   * name, and PostgreSQL's own begin with a capital. Whoever waited there for the closing sees it here.
   */
  private async joining(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE FUNCTION require_open_tenant() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF NOT EXISTS (SELECT FROM tenant WHERE id = NEW.tenant_id AND closed_at IS NULL) THEN
          RAISE EXCEPTION 'the organisation is closed'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'tenant_is_open';
        END IF;
        RETURN NULL;
      END $$`);
    for (const [table, event, condition] of JOINING) {
      await runner.query(`CREATE TRIGGER require_open_tenant_${event.slice(0, 6).toLowerCase()}
        AFTER ${event} ON ${table} FOR EACH ROW WHEN (${condition})
        EXECUTE FUNCTION require_open_tenant()`);
    }
  }

  /**
   * Closes the organisations nobody can enter any more. Those with active members and no admin stay
   * open: staff make one of the members an admin. The owner of the tables is held to row-level security
   * too: it steps aside for these statements.
   */
  private async backfill(runner: QueryRunner): Promise<void> {
    for (const table of REACHED) {
      await runner.query(`ALTER TABLE ${table} NO FORCE ROW LEVEL SECURITY`);
    }
    await runner.query(`UPDATE tenant t SET closed_at = now(), is_active = false
      WHERE NOT EXISTS (SELECT FROM user_profile p WHERE p.tenant_id = t.id AND p.is_active
        AND p.account_open AND p.deleted_at IS NULL)`);
    await runner.query(`UPDATE session s SET ended_at = now() FROM user_profile p, tenant t
      WHERE p.user_id = s.user_id AND t.id = p.tenant_id AND t.closed_at IS NOT NULL
        AND s.ended_at IS NULL`);
    for (const table of REACHED) {
      await runner.query(`ALTER TABLE ${table} FORCE ROW LEVEL SECURITY`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const [table, event] of JOINING) {
      await runner.query(
        `DROP TRIGGER require_open_tenant_${event.slice(0, 6).toLowerCase()} ON ${table}`,
      );
    }
    await runner.query(`DROP FUNCTION require_open_tenant()`);
    await runner.query(`DROP TRIGGER end_access ON tenant`);
    await runner.query(`DROP FUNCTION end_access_of_tenant()`);
    await runner.query(`DROP TRIGGER close_or_reopen ON tenant`);
    await runner.query(`DROP FUNCTION close_or_reopen_tenant()`);
    await runner.query(`DROP TRIGGER keep_an_admin_row ON user_profile`);
    await runner.query(`DROP TRIGGER keep_an_admin ON user_profile`);
    await runner.query(`CREATE OR REPLACE FUNCTION keep_an_admin() RETURNS trigger
      LANGUAGE plpgsql AS $$
      BEGIN
        PERFORM 1 FROM tenant WHERE id = OLD.tenant_id FOR NO KEY UPDATE;
        IF NOT EXISTS (SELECT 1 FROM user_profile WHERE tenant_id = OLD.tenant_id
            AND role = 'admin' AND is_active AND deleted_at IS NULL) THEN
          RAISE EXCEPTION 'an organisation keeps at least one active admin'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'user_profile_keeps_an_admin';
        END IF;
        RETURN NULL;
      END $$`);
    await runner.query(`CREATE CONSTRAINT TRIGGER keep_an_admin AFTER UPDATE ON user_profile
      DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW
      WHEN (OLD.tenant_id IS NOT NULL AND OLD.role = 'admin' AND OLD.is_active
        AND OLD.deleted_at IS NULL
        AND (NEW.role <> 'admin' OR NOT NEW.is_active OR NEW.deleted_at IS NOT NULL))
      EXECUTE FUNCTION keep_an_admin()`);
    await runner.query(`DROP FUNCTION has_admin(uuid)`);
    await runner.query(`ALTER TABLE tenant DROP CONSTRAINT ck_tenant_closed, DROP closed_at`);
  }
}

/** Table, event and condition under which a row gives access to an organisation. */
const JOINING = [
  ['user_profile', 'INSERT', 'NEW.tenant_id IS NOT NULL'],
  [
    'user_profile',
    'UPDATE OF tenant_id',
    'NEW.tenant_id IS NOT NULL AND OLD.tenant_id IS DISTINCT FROM NEW.tenant_id',
  ],
  ['invitation', 'INSERT', `NEW.state = 'pending'`],
  ['invitation', 'UPDATE OF state', `NEW.state = 'pending' AND OLD.state <> 'pending'`],
  ['api_key', 'INSERT', 'NEW.revoked_at IS NULL'],
  ['api_key', 'UPDATE OF revoked_at', 'NEW.revoked_at IS NULL AND OLD.revoked_at IS NOT NULL'],
] as const;

const REACHED = ['tenant', 'user_profile', 'invitation', 'api_key', 'tenant_export', 'session'];
