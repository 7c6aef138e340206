import type { MigrationInterface, QueryRunner } from 'typeorm';
import { forceRowSecurity } from './support/tenant-table.v1.js';

/** What members are found by: the words of their names and addresses, each with its place in the order. */
export class MemberSearch1790000083000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await this.words(runner);
    await this.table(runner);
    await this.backfill(runner);
    await this.protect(runner);
    await this.keepUp(runner);
  }

  /**
   * `Élise Marie-Anne e.dupont@acme.com`, folded, is `elise marie anne e dupont acme com` and, behind a
   * `~`, what holds more than letters: `marie-anne`, `e.dupont@acme.com`, `acme.com`. Two kinds, so
   * that one search meets most members once, not by their name and again by their address.
   * `src/members/member-search.ts` reads a search in the same way.
   */
  private async words(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE FUNCTION app_search_words(folded text) RETURNS SETOF text
      LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        WITH part AS (
          SELECT part FROM regexp_split_to_table(folded, '[${SPACE}]+') AS part
        ), whole AS (
          SELECT part FROM part UNION ALL SELECT substring(part FROM '@(.+)') FROM part
        )
        SELECT DISTINCT left(word, 64) FROM (
          SELECT regexp_split_to_table(part, '[${SIGN}]+') FROM part
          UNION ALL SELECT '~' || trimmed
            FROM whole, regexp_replace(part, '^[${SIGN}]+|[${SIGN}]+$', '', 'g') AS trimmed
            WHERE trimmed ~ '[${SIGN}]'
        ) AS found (word) WHERE word <> ''
      $$`);
  }

  private async table(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE member_word (
      tenant_id uuid NOT NULL,
      member_id uuid NOT NULL,
      word text COLLATE "C" NOT NULL,
      listed_as text COLLATE "C" NOT NULL,
      role varchar(20) NOT NULL,
      is_active boolean NOT NULL,
      CONSTRAINT pk_member_word PRIMARY KEY (tenant_id, member_id, word),
      CONSTRAINT fk_member_word_member_id FOREIGN KEY (member_id) REFERENCES user_profile (id))`);
    // As with the list itself: each way to ask walks one of these in its order until a page is full.
    for (const [name, columns] of SEARCHES) {
      await runner.query(
        `CREATE INDEX ${name} ON member_word (${columns}, word, listed_as, member_id)`,
      );
    }
  }

  /** The owner is held to row-level security too: it steps aside for this statement. */
  private async backfill(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE user_profile NO FORCE ROW LEVEL SECURITY`);
    await runner.query(`INSERT INTO member_word (tenant_id, member_id, word, listed_as, role, is_active)
      SELECT tenant_id, id, word, left(listed_as, 32), role, is_active
      FROM user_profile, app_search_words(listed_as) AS word
      WHERE tenant_id IS NOT NULL AND deleted_at IS NULL`);
    await runner.query(`ALTER TABLE user_profile FORCE ROW LEVEL SECURITY`);
  }

  private async protect(runner: QueryRunner): Promise<void> {
    await forceRowSecurity(runner, 'member_word');
    await runner.query(`CREATE POLICY tenant_rows ON member_word TO app_user
      USING (tenant_id = (SELECT app_tenant_id())) WITH CHECK (tenant_id = app_tenant_id())`);
    // An address changes through the identity door, and the words with it.
    await runner.query(
      `CREATE POLICY identity ON member_word TO app_identity USING (true) WITH CHECK (true)`,
    );
    await runner.query(`GRANT SELECT, INSERT, DELETE ON member_word TO app_user, app_identity`);
  }

  /** Whoever changes a member and however: the words follow in the same statement. */
  private async keepUp(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE FUNCTION keep_member_words() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        DELETE FROM member_word WHERE tenant_id = NEW.tenant_id AND member_id = NEW.id;
        IF NEW.deleted_at IS NULL THEN
          INSERT INTO member_word (tenant_id, member_id, word, listed_as, role, is_active)
            SELECT NEW.tenant_id, NEW.id, word, left(NEW.listed_as, 32), NEW.role, NEW.is_active
            FROM app_search_words(NEW.listed_as) AS word;
        END IF;
        RETURN NULL;
      END $$`);
    await runner.query(`CREATE TRIGGER first_member_words AFTER INSERT ON user_profile
      FOR EACH ROW WHEN (NEW.tenant_id IS NOT NULL) EXECUTE FUNCTION keep_member_words()`);
    await runner.query(`CREATE TRIGGER keep_member_words AFTER UPDATE ON user_profile
      FOR EACH ROW WHEN (NEW.tenant_id IS NOT NULL
        AND (OLD.tenant_id, OLD.listed_as, OLD.role, OLD.is_active, OLD.deleted_at)
          IS DISTINCT FROM (NEW.tenant_id, NEW.listed_as, NEW.role, NEW.is_active, NEW.deleted_at))
      EXECUTE FUNCTION keep_member_words()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TRIGGER first_member_words ON user_profile`);
    await runner.query(`DROP TRIGGER keep_member_words ON user_profile`);
    await runner.query(`DROP FUNCTION keep_member_words()`);
    await runner.query(`DROP TABLE member_word`);
    await runner.query(`DROP FUNCTION app_search_words(text)`);
  }
}

// By number, not by class: what `\\s` and `[:alnum:]` are depends on the locale of the database.
const SPACE = String.raw`\u0001- \u00a0`;
const SIGN = String.raw`!-/:-@\[-\u0060{-~\u00a1-\u00bf\u2000-\u206f\u3000-\u303f`;

const SEARCHES = [
  ['idx_member_word_found', 'tenant_id'],
  ['idx_member_word_found_by_role', 'tenant_id, role'],
  ['idx_member_word_found_by_state', 'tenant_id, is_active'],
] as const;
