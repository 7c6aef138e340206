import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ensureRole } from './support/ensure-role.v1.js';

/**
 * The staff door: the operator sees every row, but no column that holds a secret. And an index for each
 * order the lists of the back office come in, with small ones of their own for what is rare among many.
 */
export class BackOffice1790000070000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await ensureRole(runner, 'app_staff');
    for (const [table, columns] of Object.entries(SEEN)) {
      await runner.query(
        `CREATE POLICY staff_reads ON ${table} FOR SELECT TO app_staff USING (true)`,
      );
      await runner.query(`GRANT SELECT ${columns} ON ${table} TO app_staff`);
    }
    await runner.query(`GRANT SELECT ON ${REFERENCE_TABLES.join(', ')} TO app_staff`);
    await runner.query(`CREATE POLICY staff_changes ON users FOR UPDATE TO app_staff
      USING (true) WITH CHECK (true)`);
    await runner.query(`GRANT UPDATE (is_active, is_staff, is_superuser) ON users TO app_staff`);

    for (const [name, on] of Object.entries(INDEXES)) {
      await runner.query(`CREATE INDEX ${name} ON ${on}`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const name of Object.keys(INDEXES)) await runner.query(`DROP INDEX ${name}`);
    await runner.query(`DROP POLICY staff_changes ON users`);
    for (const table of Object.keys(SEEN)) {
      await runner.query(`DROP POLICY staff_reads ON ${table}`);
      await runner.query(`REVOKE ALL ON ${table} FROM app_staff`);
    }
    await runner.query(`REVOKE ALL ON ${REFERENCE_TABLES.join(', ')} FROM app_staff`);
    // The role stays: other databases of the server may use it.
    await runner.query(`REVOKE USAGE ON SCHEMA public FROM app_staff`);
  }
}

/** Where a table has secrets, the columns that are none. */
const SEEN: Record<string, string> = {
  tenant: '',
  user_profile: '',
  project: '',
  users: `(id, email, is_active, is_staff, is_superuser, email_verified_at, last_login_at, created_at,
    deleted_at, deleted_by)`,
  invitation: `(id, tenant_id, email, role, invited_by_id, expires_at, state, accepted_at, is_active,
    created_at, created_by, updated_at, updated_by, deleted_at, deleted_by)`,
  session: '(id, user_id, kind, user_agent, ip, created_at, last_seen_at, expires_at, ended_at)',
  audit_entry: `(id, chain, position, tenant_id, at, actor_kind, actor_id, actor_name, staff_id,
    staff_name, action, subject_kind, subject_id, subject_name, changes, address, device, request_id)`,
  kept_mail: '(id, "to", subject, text, created_at)',
};

const REFERENCE_TABLES = ['country', 'language', 'timezone', 'currency'];

/** By text: compared by bytes, so that what begins with some letters stands together. */
const INDEXES = {
  idx_users_by_creation: 'users (created_at, id)',
  idx_users_by_email: 'users ((lower(email) COLLATE "C"), id)',
  idx_users_inactive: 'users (created_at, id) WHERE NOT is_active OR deleted_at IS NOT NULL',
  idx_users_staff: 'users (created_at, id) WHERE is_staff',

  idx_user_profile_by_creation: 'user_profile (created_at, id)',
  idx_user_profile_by_name: 'user_profile ((listed_as COLLATE "C"), id)',
  idx_user_profile_inactive:
    'user_profile ((listed_as COLLATE "C"), id) WHERE NOT is_active OR deleted_at IS NOT NULL',

  idx_user_profile_nowhere: 'user_profile ((listed_as COLLATE "C"), id) WHERE role IS NULL',

  idx_tenant_by_creation: 'tenant (created_at, id)',
  idx_tenant_by_name: 'tenant ((app_search_text(organization) COLLATE "C"), id)',
  idx_tenant_inactive: 'tenant (created_at, id) WHERE NOT is_active OR deleted_at IS NOT NULL',

  idx_invitation_by_creation: 'invitation (created_at, id)',
  idx_invitation_by_email: 'invitation ((lower(email) COLLATE "C"), id)',
  idx_invitation_of_tenant: 'invitation (tenant_id, created_at, id)',

  idx_session_by_creation: 'session (created_at, id)',
  idx_session_of_user: 'session (user_id, created_at, id)',

  idx_project_of_all_by_creation: 'project (created_at, id)',
  idx_project_of_all_by_name: 'project ((app_search_text(name) COLLATE "C"), id)',
  idx_audit_entry_of_actor: 'audit_entry (actor_id, at, id)',

  idx_kept_mail_by_address: 'kept_mail ((lower("to") COLLATE "C"), id)',

  idx_project_deleted: 'project (created_at, id) WHERE NOT is_active OR deleted_at IS NOT NULL',
};
