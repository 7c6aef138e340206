import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ensureRole } from './support/ensure-role.v1.js';
import { AUDIT_COLUMNS, protectTenantTable } from './support/tenant-table.v2.js';

/**
 * Notifications: what a member of an organisation is told, and how they choose to be told. Every process hears of a new
 * one, and of one that was read, when that is committed.
 */
export class Notifications1790000130000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await ensureRole(runner, 'app_notifications');
    await runner.query(`CREATE TABLE notification (${AUDIT_COLUMNS},
      tenant_id uuid NOT NULL,
      member_id uuid NOT NULL,
      kind varchar(60) NOT NULL,
      data jsonb NOT NULL,
      read_at timestamptz,
      awaits_digest boolean NOT NULL DEFAULT false,
      CONSTRAINT pk_notification PRIMARY KEY (id),
      CONSTRAINT fk_notification_tenant_id FOREIGN KEY (tenant_id) REFERENCES tenant (id),
      CONSTRAINT fk_notification_member_id_tenant_id
        FOREIGN KEY (member_id, tenant_id) REFERENCES user_profile (id, tenant_id))`);
    await runner.query(`CREATE TABLE notification_preference (${AUDIT_COLUMNS},
      tenant_id uuid NOT NULL,
      member_id uuid NOT NULL,
      channels jsonb NOT NULL DEFAULT '{}',
      digested_on date,
      CONSTRAINT pk_notification_preference PRIMARY KEY (id),
      CONSTRAINT fk_notification_preference_tenant_id FOREIGN KEY (tenant_id) REFERENCES tenant (id),
      CONSTRAINT fk_notification_preference_member_id_tenant_id
        FOREIGN KEY (member_id, tenant_id) REFERENCES user_profile (id, tenant_id),
      CONSTRAINT uq_notification_preference_tenant_id_member_id UNIQUE (tenant_id, member_id))`);
    for (const table of ['notification', 'notification_preference']) {
      await runner.query(`CREATE INDEX idx_${table}_tenant_id ON ${table} (tenant_id)`);
      await runner.query(
        `CREATE INDEX idx_${table}_is_active ON ${table} (is_active) WHERE NOT is_active`,
      );
      await protectTenantTable(runner, table);
    }
    for (const [name, on] of Object.entries(INDEXES)) {
      await runner.query(`CREATE INDEX ${name} ON ${on}`);
    }
    await this.privileged(runner);
    await this.live(runner);
  }

  private async privileged(runner: QueryRunner): Promise<void> {
    // The number of unread ones is read with the person of every request.
    await runner.query(
      `CREATE POLICY identity_reads ON notification FOR SELECT TO app_identity USING (true)`,
    );
    await runner.query(`GRANT SELECT (member_id, read_at) ON notification TO app_identity`);
    await runner.query(
      `CREATE POLICY digest_reads ON notification FOR SELECT TO app_notifications USING (awaits_digest)`,
    );
    await runner.query(
      `GRANT SELECT (tenant_id, awaits_digest) ON notification TO app_notifications`,
    );
    await runner.query(
      `CREATE POLICY upkeep_reads ON notification FOR SELECT TO app_upkeep USING (true)`,
    );
    await runner.query(`CREATE POLICY upkeep_removes ON notification FOR DELETE TO app_upkeep
      USING (created_at < now() - interval '90 days')`);
    await runner.query(`GRANT SELECT (id, created_at), DELETE ON notification TO app_upkeep`);
  }

  private async live(runner: QueryRunner): Promise<void> {
    // The payload says whose, and whether it is a new one; PostgreSQL sends equal ones of a transaction once.
    await runner.query(`CREATE FUNCTION tell_notifications_changed() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        PERFORM pg_notify('notifications_changed', lower(TG_OP) || ' ' || NEW.member_id);
        RETURN NULL;
      END $$`);
    await runner.query(`CREATE TRIGGER tell_notifications_changed
      AFTER INSERT OR UPDATE OF read_at ON notification
      FOR EACH ROW EXECUTE FUNCTION tell_notifications_changed()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE notification, notification_preference`);
    await runner.query(`DROP FUNCTION tell_notifications_changed()`);
    // The role stays: other databases of the server may use it.
    await runner.query(`REVOKE USAGE ON SCHEMA public FROM app_notifications`);
  }
}

const INDEXES = {
  // The list of a member.
  idx_notification_of_member: 'notification (tenant_id, member_id, created_at, id)',
  // The number of unread ones, with every request.
  idx_notification_unread: 'notification (member_id, created_at, id) WHERE read_at IS NULL',
  idx_notification_awaits_digest: 'notification (tenant_id, member_id) WHERE awaits_digest',
  // Retention.
  idx_notification_by_creation: 'notification (created_at)',
};
