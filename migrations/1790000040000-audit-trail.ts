import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ensureRole } from './support/ensure-role.v1.js';
import { forceRowSecurity } from './support/tenant-table.v1.js';

/**
 * The audit trail: one chain of entries for each organisation and one of the operator, each entry sealed
 * with a hash over itself and the entry before it. No role may change or remove an entry, and who does
 * it as the owner breaks the chain; the head tells when the last ones are gone.
 */
export class AuditTrail1790000040000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await this.entries(runner);
    await this.heads(runner);
    await this.chain(runner);
  }

  private async entries(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE audit_entry (
      id uuid NOT NULL DEFAULT gen_random_uuid(),
      chain uuid NOT NULL,
      position bigint NOT NULL,
      tenant_id uuid,
      at timestamptz NOT NULL DEFAULT clock_timestamp(),
      actor_kind varchar(10) NOT NULL,
      actor_id uuid,
      actor_name varchar(254),
      staff_id uuid,
      staff_name varchar(254),
      action varchar(60) NOT NULL,
      subject_kind varchar(60) NOT NULL,
      subject_id varchar(60),
      subject_name varchar(254),
      changes jsonb,
      address inet,
      device varchar(400),
      request_id varchar(64),
      previous_hash bytea NOT NULL,
      hash bytea NOT NULL,
      CONSTRAINT pk_audit_entry PRIMARY KEY (id),
      CONSTRAINT uq_audit_entry_chain_position UNIQUE (chain, position),
      CONSTRAINT fk_audit_entry_tenant_id FOREIGN KEY (tenant_id) REFERENCES tenant (id),
      CONSTRAINT ck_audit_entry_actor_kind CHECK (actor_kind IN ('person', 'key', 'system')))`);
    // Latest first: of an organisation, of one person in it, of one thing, of everybody.
    for (const columns of ['tenant_id', 'tenant_id, actor_id', 'subject_id', '']) {
      const names = [columns, 'at', 'id'].filter(Boolean).join(', ');
      await runner.query(
        `CREATE INDEX idx_audit_entry_${names.replaceAll(', ', '_')} ON audit_entry (${names})`,
      );
    }
    await forceRowSecurity(runner, 'audit_entry');
    await ensureRole(runner, 'app_audit');
    await runner.query(`CREATE POLICY tenant_reads ON audit_entry FOR SELECT TO app_user
      USING (tenant_id = app_tenant_id())`);
    await runner.query(
      `CREATE POLICY audit ON audit_entry TO app_audit USING (true) WITH CHECK (true)`,
    );
    await runner.query(`GRANT SELECT ON audit_entry TO app_user`);
    await runner.query(`GRANT SELECT, INSERT ON audit_entry TO app_audit`);
  }

  private async heads(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE audit_head (
      chain uuid NOT NULL,
      position bigint NOT NULL,
      hash bytea NOT NULL,
      CONSTRAINT pk_audit_head PRIMARY KEY (chain))`);
    await forceRowSecurity(runner, 'audit_head');
    await runner.query(
      `CREATE POLICY audit ON audit_head TO app_audit USING (true) WITH CHECK (true)`,
    );
    await runner.query(`GRANT SELECT, INSERT, UPDATE ON audit_head TO app_audit`);
  }

  private async chain(runner: QueryRunner): Promise<void> {
    // Says the same whatever the session's time zone and settings are.
    await runner.query(`CREATE FUNCTION audit_hash(entry audit_entry) RETURNS bytea
      LANGUAGE sql STABLE PARALLEL SAFE AS $$
        SELECT sha256(convert_to(jsonb_build_array(
          encode(entry.previous_hash, 'hex'), entry.chain, entry.position, entry.id, entry.tenant_id,
          to_char(entry.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
          entry.actor_kind, entry.actor_id, entry.actor_name, entry.staff_id, entry.staff_name,
          entry.action, entry.subject_kind, entry.subject_id, entry.subject_name, entry.changes,
          host(entry.address), entry.device, entry.request_id)::text, 'UTF8')) $$`);

    // The head's row lock makes those who append to one chain take turns. Only what comes through the
    // door becomes part of the chain: whoever inserts in another way has put in a row that shows.
    await runner.query(`CREATE FUNCTION append_audit_entry() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        NEW.chain := coalesce(NEW.tenant_id, '00000000-0000-0000-0000-000000000000');
        IF current_user <> 'app_audit' THEN
          RETURN NEW;
        END IF;
        INSERT INTO audit_head AS head (chain, position, hash)
          VALUES (NEW.chain, 1, decode(repeat('00', 32), 'hex'))
          ON CONFLICT (chain) DO UPDATE SET position = head.position + 1
          RETURNING head.position, head.hash INTO NEW.position, NEW.previous_hash;
        NEW.at := clock_timestamp();
        NEW.hash := audit_hash(NEW);
        UPDATE audit_head SET hash = NEW.hash WHERE chain = NEW.chain;
        RETURN NEW;
      END $$`);
    await runner.query(`CREATE TRIGGER append_audit_entry BEFORE INSERT ON audit_entry
      FOR EACH ROW EXECUTE FUNCTION append_audit_entry()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP FUNCTION audit_hash(audit_entry)`);
    await runner.query(`DROP TABLE audit_entry`);
    await runner.query(`DROP FUNCTION append_audit_entry()`);
    await runner.query(`DROP TABLE audit_head`);
    // The role stays: other databases of the server may use it.
    await runner.query(`REVOKE USAGE ON SCHEMA public FROM app_audit`);
  }
}
