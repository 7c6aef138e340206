import type { QueryRunner } from 'typeorm';

/**
 * Makes a role of `doors.ts` in the migration that needs it, and lets the owner take it on. Roles belong
 * to the whole server: another database of it may have made it already, even at this moment.
 */
export async function ensureRole(runner: QueryRunner, role: string): Promise<void> {
  // Since PostgreSQL 16 whoever makes a role is a member of it, but may only administer it: taking it on
  // is a right of its own (SET).
  await runner.query(`DO $$
    DECLARE may_take_on boolean;
    BEGIN
      IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${role}') THEN
        BEGIN
          CREATE ROLE ${role} NOLOGIN NOINHERIT;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
        END;
      END IF;
      IF current_setting('server_version_num')::int >= 160000 THEN
        may_take_on := pg_has_role(current_user, '${role}', 'SET');
      ELSE
        may_take_on := pg_has_role(current_user, '${role}', 'MEMBER');
      END IF;
      IF NOT may_take_on THEN
        EXECUTE format('GRANT ${role} TO %I', current_user);
      END IF;
    END $$`);
  await runner.query(`GRANT USAGE ON SCHEMA public TO ${role}`);
}
