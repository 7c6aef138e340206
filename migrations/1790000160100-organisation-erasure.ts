import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ensureRole } from './support/ensure-role.v1.js';
import { letErase } from './support/tenant-table.v3.js';

/**
 * An organisation that was closed for 30 days is erased (ADR 113). The role of erasure reaches rows of an organisation
 * that the database says is being erased, and no others. The row of the organisation goes last: foreign keys refuse
 * that while anything of it is left, and refuse everything new afterwards. What is kept by law, and the chain of the
 * audit trail, references no organisation from here on.
 */
export class OrganisationErasure1790000160100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await ensureRole(runner, 'app_erasure');
    await this.organisation(runner);
    await this.record(runner);
    for (const table of await erasable(runner)) await letErase(runner, table);
    await this.kept(runner);
    await this.memberships(runner);
  }

  private async organisation(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE POLICY erasure_reads ON tenant FOR SELECT TO app_erasure USING (true)`,
    );
    await runner.query(`CREATE POLICY erasure_begins ON tenant FOR UPDATE TO app_erasure
      USING (id = (SELECT app_tenant_id()) AND erase_at <= now() AND closing_notice = 1)
      WITH CHECK (id = (SELECT app_tenant_id()))`);
    await runner.query(`CREATE POLICY erasure_reminds ON tenant FOR UPDATE TO app_erasure
      USING (id = (SELECT app_tenant_id()) AND erase_at IS NOT NULL AND erasing_since IS NULL)
      WITH CHECK (id = (SELECT app_tenant_id()))`);
    await runner.query(`CREATE POLICY erasure_removes ON tenant FOR DELETE TO app_erasure
      USING (id = (SELECT app_tenant_id()) AND erasing_since IS NOT NULL)`);
    await runner.query(`GRANT SELECT (id, logo, closing_since, closing_by, erase_at, closing_notice,
      erasing_since), UPDATE (erase_at, closing_notice, erasing_since, is_active), DELETE ON tenant TO app_erasure`);
    await runner.query(`CREATE FUNCTION app_erased_tenant() RETURNS uuid LANGUAGE sql STABLE AS $$
      SELECT id FROM tenant WHERE id = app_tenant_id() AND erasing_since IS NOT NULL $$`);
  }

  /** What staff see of it afterwards: an id, moments, and numbers of rows and files. */
  private async record(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE organisation_erasure (
      id uuid NOT NULL,
      closed_at timestamptz NOT NULL,
      closed_by uuid,
      started_at timestamptz NOT NULL DEFAULT now(),
      finished_at timestamptz,
      attempt integer NOT NULL DEFAULT 0,
      removed jsonb NOT NULL DEFAULT '{}',
      row_count bigint NOT NULL DEFAULT 0,
      file_count integer NOT NULL DEFAULT 0,
      pending_files text[] NOT NULL DEFAULT '{}',
      kept jsonb NOT NULL DEFAULT '{}',
      CONSTRAINT pk_organisation_erasure PRIMARY KEY (id))`);
    await runner.query(
      `CREATE INDEX idx_organisation_erasure_by_start ON organisation_erasure (started_at, id)`,
    );
    await runner.query(`GRANT SELECT, INSERT, UPDATE ON organisation_erasure TO app_erasure`);
    await runner.query(`GRANT SELECT ON organisation_erasure TO app_staff`);
  }

  /** Invoices for ten years with the customer they are made out to, and the audit trail without personal data. */
  private async kept(runner: QueryRunner): Promise<void> {
    for (const table of FREED) {
      await runner.query(`ALTER TABLE ${table} DROP CONSTRAINT fk_${table}_tenant_id`);
    }
    for (const table of ['invoice', 'issued_invoice', 'billing_customer', 'invoice_line']) {
      await runner.query(`CREATE POLICY erasure ON ${table} TO app_erasure
        USING (tenant_id = (SELECT app_erased_tenant()))`);
    }
    await runner.query(`GRANT SELECT (tenant_id, customer_id, provider) ON invoice TO app_erasure`);
    await runner.query(`GRANT SELECT (tenant_id) ON invoice_line TO app_erasure`);
    await runner.query(`GRANT SELECT (tenant_id) ON issued_invoice TO app_erasure`);
    await runner.query(`GRANT SELECT (id, tenant_id, external_id), UPDATE (${CUSTOMER}), DELETE
      ON billing_customer TO app_erasure`);
    // New ones still need an organisation: whoever adds one at this moment waits for the end of the erasure.
    await runner.query(`CREATE FUNCTION require_tenant() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        PERFORM 1 FROM tenant WHERE id = NEW.tenant_id FOR KEY SHARE;
        IF NOT FOUND THEN
          RAISE EXCEPTION 'there is no such organisation'
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'tenant_is_there';
        END IF;
        RETURN NULL;
      END $$`);
    for (const table of ['billing_customer', 'invoice']) {
      await runner.query(`CREATE TRIGGER require_tenant AFTER INSERT ON ${table}
        FOR EACH ROW EXECUTE FUNCTION require_tenant()`);
    }

    await runner.query(
      `ALTER TABLE audit_entry ADD COLUMN is_redacted boolean NOT NULL DEFAULT false`,
    );
    await runner.query(`ALTER TABLE audit_head ADD COLUMN erasure varchar(10),
      ADD CONSTRAINT ck_audit_head_erasure CHECK (erasure IN ('running', 'done'))`);
    await runner.query(`CREATE POLICY erasure ON audit_entry TO app_erasure
      USING (tenant_id = (SELECT app_erased_tenant())) WITH CHECK (is_redacted AND ${REDACTED})`);
    await runner.query(`GRANT SELECT (id, chain, tenant_id, position, is_redacted),
      UPDATE (${PERSONAL.join(', ')}, is_redacted) ON audit_entry TO app_erasure`);
    await runner.query(`CREATE POLICY erasure ON audit_head TO app_erasure
      USING (chain = (SELECT app_erased_tenant()))`);
    await runner.query(
      `GRANT SELECT (chain, erasure), UPDATE (erasure) ON audit_head TO app_erasure`,
    );
    await runner.query(`ALTER FUNCTION is_audit_entry_true(audit_entry)
      RENAME TO is_whole_audit_entry_true`);
    await runner.query(`CREATE FUNCTION is_audit_entry_true(entry audit_entry) RETURNS boolean
      LANGUAGE sql STABLE PARALLEL SAFE AS $$
        SELECT CASE WHEN entry.is_redacted THEN ${REDACTED.replace(/(\w+) IS NULL/g, 'entry.$1 IS NULL')}
            AND EXISTS (SELECT FROM audit_head WHERE chain = entry.chain AND erasure IS NOT NULL)
          ELSE is_whole_audit_entry_true(entry) END $$`);
    // The trail of an organisation that is gone ends: no entry comes after its last one.
    await runner.query(`CREATE FUNCTION end_audit_chain() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION 'the organisation is erased'
          USING ERRCODE = 'check_violation', CONSTRAINT = 'tenant_is_open';
      END $$`);
    await runner.query(`CREATE TRIGGER end_audit_chain BEFORE UPDATE OF position ON audit_head
      FOR EACH ROW WHEN (OLD.erasure = 'done') EXECUTE FUNCTION end_audit_chain()`);
  }

  /** People keep their account: it belongs to no organisation afterwards. */
  private async memberships(runner: QueryRunner): Promise<void> {
    await runner.query(
      keepMembership(`AND NOT (current_user = 'app_erasure' AND NEW.tenant_id IS NULL)`),
    );
    await runner.query(`CREATE POLICY erasure ON user_profile TO app_erasure
      USING (tenant_id = (SELECT app_erased_tenant())) WITH CHECK (tenant_id IS NULL)`);
    // A row is only changed to where it can still be seen.
    await runner.query(`CREATE POLICY erasure_released ON user_profile FOR SELECT TO app_erasure
      USING (tenant_id IS NULL AND (SELECT app_erased_tenant()) IS NOT NULL)`);
    await runner.query(`GRANT SELECT (id, tenant_id, version),
      UPDATE (tenant_id, role, tenant_joined_at, tenant_revoked_at, revoked_role, is_active, version)
      ON user_profile TO app_erasure`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(keepMembership(''));
    for (const table of ['billing_customer', 'invoice']) {
      await runner.query(`DROP TRIGGER require_tenant ON ${table}`);
    }
    await runner.query(`DROP FUNCTION require_tenant()`);
    await runner.query(`DROP TRIGGER end_audit_chain ON audit_head`);
    await runner.query(`DROP FUNCTION end_audit_chain()`);
    await runner.query(`DROP FUNCTION is_audit_entry_true(audit_entry)`);
    await runner.query(`ALTER FUNCTION is_whole_audit_entry_true(audit_entry)
      RENAME TO is_audit_entry_true`);
    for (const [table, policy] of await erasurePolicies(runner)) {
      await runner.query(`DROP POLICY ${policy} ON ${table}`);
      await runner.query(`REVOKE ALL ON ${table} FROM app_erasure`);
    }
    await runner.query(`ALTER TABLE audit_head DROP COLUMN erasure`);
    await runner.query(`ALTER TABLE audit_entry DROP COLUMN is_redacted`);
    await runner.query(`DROP TABLE organisation_erasure`);
    await runner.query(`DROP FUNCTION app_erased_tenant()`);
    // What is kept of an organisation that is gone leads nowhere: the references hold for new rows.
    for (const table of FREED) {
      await runner.query(`ALTER TABLE ${table} ADD CONSTRAINT fk_${table}_tenant_id
        FOREIGN KEY (tenant_id) REFERENCES tenant (id) NOT VALID`);
    }
    // The role stays: other databases of the server may use it.
    await runner.query(`REVOKE USAGE ON SCHEMA public FROM app_erasure`);
  }
}

/** Kept tables that referenced the organisation. */
const FREED = ['audit_entry', 'billing_customer', 'invoice', 'invoice_line'] as const;

/** Tables whose rows stay, wholly or in part, or have more to them than being deleted. */
const OTHERS = [
  'audit_entry',
  'audit_head',
  'billing_customer',
  'invoice',
  'invoice_line',
  'invoice_settlement',
  'issued_invoice',
  'user_profile',
];

/** What is known of a customer, which stays with an invoice only; the first two in no case. */
const CUSTOMER = `email, payment_label, legal_name, address, postal_code, city, country, vat_number,
  purchase_order`;

const PERSONAL = [
  'actor_id',
  'actor_name',
  'staff_id',
  'staff_name',
  'subject_id',
  'subject_name',
  'changes',
  'address',
  'device',
  'personal_salt',
  'request_id',
];
const REDACTED = PERSONAL.map((column) => `${column} IS NULL`).join(' AND ');

/** Those of every feature there is at this moment, also of one that was added to the product. */
async function erasable(runner: QueryRunner): Promise<string[]> {
  const rows = (await runner.query(
    `SELECT c.relname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
       AND a.attname = 'tenant_id' AND NOT a.attisdropped AND c.relname <> ALL ($1)
     ORDER BY 1`,
    [OTHERS],
  )) as Array<{ name: string }>;
  return rows.map(({ name }) => name);
}

async function erasurePolicies(runner: QueryRunner): Promise<Array<[string, string]>> {
  const rows = (await runner.query(`SELECT tablename, policyname FROM pg_policies
    WHERE schemaname = 'public' AND roles = '{app_erasure}'`)) as Array<{
    tablename: string;
    policyname: string;
  }>;
  return rows.map(({ tablename, policyname }) => [tablename, policyname]);
}

function keepMembership(unless: string): string {
  return `CREATE OR REPLACE FUNCTION keep_membership() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF OLD.tenant_id IS NOT NULL AND NEW.tenant_id IS DISTINCT FROM OLD.tenant_id ${unless} THEN
        RAISE EXCEPTION 'a membership is set once and never cleared'
          USING ERRCODE = 'check_violation', CONSTRAINT = 'user_profile_tenant_set_once';
      END IF;
      RETURN NEW;
    END $$`;
}
