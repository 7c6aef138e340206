import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ensureRole } from './support/ensure-role.v1.js';

/**
 * The roles requests run as (see `src/core/database/privileged/roles.ts`), the two settings a unit of work
 * speaks through, and the audit stamp.
 */
export class RolesAndContext1790000001000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const role of ['app_user', 'app_identity', 'app_outbox']) {
      await ensureRole(runner, role);
    }

    // A transaction-local setting reads '' once it ended, not NULL; hence NULLIF.
    await runner.query(`CREATE FUNCTION app_tenant_id() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
      AS $$ SELECT NULLIF(current_setting('app.tenant_id', true), '')::uuid $$`);
    await runner.query(`CREATE FUNCTION app_actor_id() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
      AS $$ SELECT NULLIF(current_setting('app.actor_id', true), '')::uuid $$`);

    await runner.query(`CREATE FUNCTION stamp_audit() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF TG_OP = 'INSERT' THEN
          NEW.created_at := now();
          NEW.created_by := app_actor_id();
        ELSE
          NEW.created_at := OLD.created_at;
          NEW.created_by := OLD.created_by;
        END IF;
        NEW.updated_at := now();
        NEW.updated_by := app_actor_id();
        IF NEW.deleted_at IS NULL THEN
          NEW.deleted_by := NULL;
        ELSIF TG_OP = 'INSERT' OR OLD.deleted_at IS NULL THEN
          NEW.deleted_by := app_actor_id();
        ELSE
          NEW.deleted_by := OLD.deleted_by;
        END IF;
        RETURN NEW;
      END $$`);

    for (const table of REFERENCE_TABLES) {
      await runner.query(`GRANT SELECT ON ${table} TO app_user, app_identity`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of REFERENCE_TABLES) {
      await runner.query(`REVOKE ALL ON ${table} FROM app_user, app_identity`);
    }
    await runner.query(`DROP FUNCTION stamp_audit()`);
    await runner.query(`DROP FUNCTION app_actor_id()`);
    await runner.query(`DROP FUNCTION app_tenant_id()`);
    // The roles stay: other databases of the server may use them.
    await runner.query(`REVOKE USAGE ON SCHEMA public FROM app_user, app_identity, app_outbox`);
  }
}

const REFERENCE_TABLES = [
  'country',
  'language',
  'timezone',
  'currency',
  'country_language',
  'country_timezone',
  'country_currency',
];
