import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * An organisation that its admins closed is read-only for 30 days, and erased after them (ADR 112). The moment of
 * erasure is never less than 30 days after the closing, whoever writes it; requests set and clear it, and do not move it. Closing cancels what is waiting for an
 * answer; nobody joins, and no key is made, until it is reopened.
 */
export class OrganisationClosure1790000160000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE tenant
      ADD COLUMN closing_since timestamptz,
      ADD COLUMN closing_by uuid,
      ADD COLUMN erase_at timestamptz,
      ADD COLUMN closing_notice smallint,
      ADD COLUMN erasing_since timestamptz,
      ADD CONSTRAINT ck_tenant_closing CHECK ((erase_at IS NULL) = (closing_since IS NULL)
        AND (erase_at IS NULL) = (closing_notice IS NULL)
        AND (erase_at IS NULL OR erase_at >= closing_since + interval '720 hours')),
      ADD CONSTRAINT ck_tenant_erasing CHECK (erasing_since IS NULL
        OR erase_at IS NOT NULL AND erase_at <= erasing_since AND NOT is_active)`);
    await runner.query(
      `CREATE INDEX idx_tenant_closing ON tenant (erase_at, id) WHERE erase_at IS NOT NULL`,
    );
    await runner.query(
      `GRANT INSERT (${OWN_COLUMNS}), UPDATE (${OWN_COLUMNS}) ON tenant TO app_user`,
    );
    // Events are written for organisations that are open.
    await runner.query(
      `CREATE POLICY webhooks_reads ON tenant FOR SELECT TO app_webhooks USING (true)`,
    );
    await runner.query(`GRANT SELECT (id, erase_at) ON tenant TO app_webhooks`);
    await this.closing(runner);
    await this.moment(runner);
    await runner.query(requireOpen('closed_at IS NULL AND erase_at IS NULL'));
  }

  private async closing(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE FUNCTION begin_closing() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        -- Waits for those who are joining at this moment: they hold a share of this row's key.
        PERFORM 1 FROM tenant WHERE id = NEW.id FOR UPDATE;
        RETURN NEW;
      END $$`);
    await runner.query(`CREATE TRIGGER begin_closing BEFORE UPDATE OF erase_at ON tenant
      FOR EACH ROW WHEN (OLD.erase_at IS NULL AND NEW.erase_at IS NOT NULL)
      EXECUTE FUNCTION begin_closing()`);
    await runner.query(`CREATE FUNCTION cancel_invitations() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        UPDATE invitation SET state = 'cancelled' WHERE tenant_id = NEW.id AND state = 'pending';
        RETURN NULL;
      END $$`);
    await runner.query(`CREATE TRIGGER cancel_invitations AFTER UPDATE OF erase_at ON tenant
      FOR EACH ROW WHEN (OLD.erase_at IS NULL AND NEW.erase_at IS NOT NULL)
      EXECUTE FUNCTION cancel_invitations()`);
  }

  /** A request closes for 30 days from now, and reopens. The role of erasure, which reminds, only postpones. */
  private async moment(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE FUNCTION keep_closing_time() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE
        was_open boolean := TG_OP = 'INSERT' OR OLD.erase_at IS NULL;
      BEGIN
        IF NEW.erase_at IS NULL OR current_user NOT IN ('app_user', 'app_erasure') THEN
          RETURN NEW;
        END IF;
        IF was_open THEN
          IF NEW.erase_at >= now() + interval '720 hours' AND NEW.closing_notice >= 30 THEN
            RETURN NEW;
          END IF;
        ELSIF NEW.closing_since = OLD.closing_since AND NEW.erase_at >= OLD.erase_at
          AND (current_user = 'app_erasure'
            OR NEW.erase_at = OLD.erase_at AND NEW.closing_notice = OLD.closing_notice) THEN
          RETURN NEW;
        END IF;
        RAISE EXCEPTION 'an organisation is erased 30 days after it was closed'
          USING ERRCODE = 'check_violation', CONSTRAINT = 'tenant_closing_time';
      END $$`);
    await runner.query(`CREATE TRIGGER keep_closing_time
      BEFORE INSERT OR UPDATE OF closing_since, closing_notice, erase_at ON tenant
      FOR EACH ROW EXECUTE FUNCTION keep_closing_time()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(requireOpen('closed_at IS NULL'));
    await runner.query(`DROP TRIGGER keep_closing_time ON tenant`);
    await runner.query(`DROP FUNCTION keep_closing_time()`);
    await runner.query(`DROP TRIGGER cancel_invitations ON tenant`);
    await runner.query(`DROP FUNCTION cancel_invitations()`);
    await runner.query(`DROP TRIGGER begin_closing ON tenant`);
    await runner.query(`DROP FUNCTION begin_closing()`);
    await runner.query(`REVOKE SELECT (id, erase_at) ON tenant FROM app_webhooks`);
    await runner.query(`DROP POLICY webhooks_reads ON tenant`);
    await runner.query(`DROP INDEX idx_tenant_closing`);
    await runner.query(`ALTER TABLE tenant DROP CONSTRAINT ck_tenant_erasing,
      DROP CONSTRAINT ck_tenant_closing, DROP COLUMN erasing_since, DROP COLUMN closing_notice,
      DROP COLUMN erase_at, DROP COLUMN closing_by, DROP COLUMN closing_since`);
  }
}

/** Written by requests; `erasing_since` is not among them. */
const OWN_COLUMNS = 'closing_since, closing_by, erase_at, closing_notice';

function requireOpen(condition: string): string {
  return `CREATE OR REPLACE FUNCTION require_open_tenant() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF NOT EXISTS (SELECT FROM tenant WHERE id = NEW.tenant_id AND ${condition}) THEN
        RAISE EXCEPTION 'the organisation is closed'
          USING ERRCODE = 'check_violation', CONSTRAINT = 'tenant_is_open';
      END IF;
      RETURN NULL;
    END $$`;
}
