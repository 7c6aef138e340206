import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What the list of members is read and searched by, and the rule that an organisation always keeps
 * an active admin, held by the database whoever writes and however many write at once.
 */
export class MemberRules1790000010100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await this.listing(runner);
    await this.backfill(runner);
    await this.keepAnAdmin(runner);
  }

  private async listing(runner: QueryRunner): Promise<void> {
    // Without accents and capitals: "Élise" is found by "eli" and stands under E.
    await runner.query(`CREATE FUNCTION app_search_text(given text) RETURNS text
      LANGUAGE sql IMMUTABLE PARALLEL SAFE
      AS $$ SELECT lower(regexp_replace(normalize(given, NFD), '[\\u0300-\\u036f]', '', 'g')) $$`);
    await runner.query(`ALTER TABLE user_profile ADD listed_as text NOT NULL DEFAULT ''`);
    await runner.query(`CREATE FUNCTION list_member() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        NEW.listed_as := app_search_text(concat_ws(' ', NEW.display_name,
          (SELECT email FROM users WHERE id = NEW.user_id)));
        RETURN NEW;
      END $$`);
    await runner.query(`CREATE TRIGGER list_member
      BEFORE INSERT OR UPDATE OF display_name, listed_as ON user_profile
      FOR EACH ROW EXECUTE FUNCTION list_member()`);

    await runner.query(`CREATE FUNCTION relist_member() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        UPDATE user_profile SET listed_as = '' WHERE user_id = NEW.id;
        RETURN NULL;
      END $$`);
    await runner.query(`CREATE TRIGGER relist_member AFTER UPDATE OF email ON users
      FOR EACH ROW WHEN (OLD.email IS DISTINCT FROM NEW.email) EXECUTE FUNCTION relist_member()`);
    await runner.query(`GRANT UPDATE (listed_as) ON user_profile TO app_identity`);

    // Each way the list can be asked for walks one of these, in its order, and stops when a page is full.
    for (const [name, columns] of LISTS) {
      await runner.query(`CREATE INDEX ${name} ON user_profile
        (${columns}, listed_as COLLATE "C", id) WHERE deleted_at IS NULL`);
    }
    await runner.query(`CREATE INDEX idx_user_profile_latest
      ON user_profile (tenant_id, tenant_joined_at DESC, id) WHERE deleted_at IS NULL`);
  }

  /** The owner of the tables is held to row-level security too: it steps aside for this statement. */
  private async backfill(runner: QueryRunner): Promise<void> {
    for (const table of ['users', 'user_profile']) {
      await runner.query(`ALTER TABLE ${table} NO FORCE ROW LEVEL SECURITY`);
    }
    await runner.query(`UPDATE user_profile SET listed_as = ''`);
    for (const table of ['users', 'user_profile']) {
      await runner.query(`ALTER TABLE ${table} FORCE ROW LEVEL SECURITY`);
    }
  }

  private async keepAnAdmin(runner: QueryRunner): Promise<void> {
    // The lock makes two who go at once take turns: the second one counts after the first is done.
    await runner.query(`CREATE FUNCTION keep_an_admin() RETURNS trigger LANGUAGE plpgsql AS $$
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
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TRIGGER keep_an_admin ON user_profile`);
    await runner.query(`DROP FUNCTION keep_an_admin()`);
    await runner.query(`DROP TRIGGER relist_member ON users`);
    await runner.query(`DROP FUNCTION relist_member()`);
    await runner.query(`DROP TRIGGER list_member ON user_profile`);
    await runner.query(`DROP FUNCTION list_member()`);
    await runner.query(`DROP INDEX idx_user_profile_latest`);
    await runner.query(`ALTER TABLE user_profile DROP listed_as`);
    await runner.query(`DROP FUNCTION app_search_text(text)`);
  }
}

const LISTS = [
  ['idx_user_profile_listed', 'tenant_id'],
  ['idx_user_profile_listed_by_role', 'tenant_id, role'],
  ['idx_user_profile_listed_by_state', 'tenant_id, is_active'],
] as const;
