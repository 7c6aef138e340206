import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ensureRole } from './support/ensure-role.v1.js';

/**
 * The upkeep door: it sees when things are over, and removes those that are. Whatever it is asked, it
 * removes no session that was seen today, and no link that still opens something.
 */
export class Upkeep1790000082000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await ensureRole(runner, 'app_upkeep');
    for (const [table, columns] of Object.entries(SEEN)) {
      await runner.query(
        `CREATE POLICY upkeep_reads ON ${table} FOR SELECT TO app_upkeep USING (true)`,
      );
      await runner.query(`GRANT SELECT (${columns}) ON ${table} TO app_upkeep`);
    }
    for (const [table, isOver] of Object.entries(REMOVED)) {
      await runner.query(
        `CREATE POLICY upkeep_removes ON ${table} FOR DELETE TO app_upkeep USING (${isOver})`,
      );
      await runner.query(`GRANT DELETE ON ${table} TO app_upkeep`);
    }
    for (const [name, on] of Object.entries(INDEXES)) {
      await runner.query(`CREATE INDEX ${name} ON ${on}`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const name of Object.keys(INDEXES)) await runner.query(`DROP INDEX ${name}`);
    for (const table of Object.keys(REMOVED)) {
      await runner.query(`DROP POLICY upkeep_removes ON ${table}`);
    }
    for (const table of Object.keys(SEEN)) {
      await runner.query(`DROP POLICY upkeep_reads ON ${table}`);
      await runner.query(`REVOKE ALL ON ${table} FROM app_upkeep`);
    }
    // The role stays: other databases of the server may use it.
    await runner.query(`REVOKE USAGE ON SCHEMA public FROM app_upkeep`);
  }
}

const SEEN = {
  session: 'id, last_seen_at, expires_at, ended_at',
  spent_token: 'token_hash, session_id',
  user_token: 'id, expires_at',
  user_profile: 'avatar',
  tenant: 'logo',
  tenant_export: 'storage_key',
};

const REMOVED = {
  session: `last_seen_at < now() - interval '1 day'`,
  spent_token: `EXISTS (SELECT FROM session s
    WHERE s.id = session_id AND s.last_seen_at < now() - interval '1 day')`,
  user_token: 'expires_at < now()',
};

const INDEXES = {
  idx_session_by_last_seen: 'session (last_seen_at)',
  idx_user_profile_avatar: 'user_profile (avatar) WHERE avatar IS NOT NULL',
  idx_tenant_logo: 'tenant (logo) WHERE logo IS NOT NULL',
  idx_tenant_export_storage_key: 'tenant_export (storage_key) WHERE storage_key IS NOT NULL',
};
