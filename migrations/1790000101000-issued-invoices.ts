import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ensureRole } from './support/ensure-role.v1.js';
import { forceRowSecurity } from './support/tenant-table.v2.js';

/**
 * Invoices and credit notes that we issue ourselves, and the subscriptions that staff sell by hand. Numbers are
 * given by the database, consecutive for each seller, kind and year: the row of the counter stays locked
 * until the invoice is committed, and a rollback takes the number back. An invoice never changes, and is kept
 * for ten years: it references no organisation, so that the one may go without the other.
 */
export class IssuedInvoices1790000101000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await ensureRole(runner, 'app_billing');
    await this.invoices(runner);
    await this.numbers(runner);
    await this.immutability(runner);
    await this.settlements(runner);
    await this.manual(runner);
    await this.vatChecks(runner);
  }

  private async invoices(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE issued_invoice (
      id uuid NOT NULL DEFAULT gen_random_uuid(),
      tenant_id uuid NOT NULL,
      seller varchar(20) NOT NULL,
      kind varchar(12) NOT NULL,
      year smallint NOT NULL,
      position integer NOT NULL,
      number varchar(20) NOT NULL,
      issued_on date NOT NULL,
      due_on date NOT NULL,
      keep_until date NOT NULL,
      corrects_id uuid,
      subscription_id uuid,
      currency varchar(3) NOT NULL,
      net bigint NOT NULL,
      vat bigint NOT NULL,
      total bigint NOT NULL,
      content jsonb NOT NULL,
      issued_at timestamptz NOT NULL DEFAULT now(),
      CONSTRAINT pk_issued_invoice PRIMARY KEY (id),
      CONSTRAINT uq_issued_invoice_tenant_id_id UNIQUE (tenant_id, id),
      CONSTRAINT uq_issued_invoice_seller_kind_year_position UNIQUE (seller, kind, year, position),
      CONSTRAINT uq_issued_invoice_corrects_id UNIQUE (corrects_id),
      CONSTRAINT fk_issued_invoice_tenant_id_corrects_id FOREIGN KEY (tenant_id, corrects_id)
        REFERENCES issued_invoice (tenant_id, id),
      CONSTRAINT ck_issued_invoice_kind CHECK (kind IN ('invoice', 'credit_note')),
      CONSTRAINT ck_issued_invoice_corrects CHECK ((kind = 'credit_note') = (corrects_id IS NOT NULL)),
      CONSTRAINT ck_issued_invoice_total CHECK (net + vat = total))`);
    await runner.query(`CREATE INDEX idx_issued_invoice_by_issue
      ON issued_invoice (tenant_id, issued_at DESC, id)`);
    await runner.query(`CREATE INDEX idx_issued_invoice_due
      ON issued_invoice (due_on) WHERE kind = 'invoice'`);
    await tenantTable(runner, 'issued_invoice', 'SELECT, INSERT');
    // Which are overdue is asked before any organisation is in context.
    await everybodysRows(runner, 'issued_invoice');
    await runner.query('GRANT SELECT ON issued_invoice TO app_user');
  }

  private async numbers(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE invoice_counter (
      seller varchar(20) NOT NULL,
      kind varchar(12) NOT NULL,
      year smallint NOT NULL,
      position integer NOT NULL,
      issued_on date NOT NULL,
      CONSTRAINT pk_invoice_counter PRIMARY KEY (seller, kind, year))`);
    await runner.query('GRANT SELECT, INSERT, UPDATE ON invoice_counter TO app_billing');
    // A later number never has an earlier day, whatever the clocks of two processes say.
    await runner.query(`CREATE FUNCTION number_issued_invoice() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        NEW.year := extract(year FROM NEW.issued_on);
        INSERT INTO invoice_counter AS counter (seller, kind, year, position, issued_on)
          VALUES (NEW.seller, NEW.kind, NEW.year, 1, NEW.issued_on)
          ON CONFLICT (seller, kind, year) DO UPDATE SET position = counter.position + 1,
            issued_on = greatest(counter.issued_on, excluded.issued_on)
          RETURNING position, issued_on INTO NEW.position, NEW.issued_on;
        NEW.due_on := greatest(NEW.due_on, NEW.issued_on);
        NEW.number := CASE NEW.kind WHEN 'credit_note' THEN 'C' ELSE '' END || NEW.year || '-'
          || lpad(NEW.position::text, greatest(5, length(NEW.position::text)), '0');
        NEW.keep_until := make_date(NEW.year + 10, 12, 31);
        RETURN NEW;
      END $$`);
    await runner.query(`CREATE TRIGGER number_issued_invoice BEFORE INSERT ON issued_invoice
      FOR EACH ROW EXECUTE FUNCTION number_issued_invoice()`);
  }

  /** Not even the owner changes one; what was kept long enough may go. */
  private async immutability(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE FUNCTION keep_issued_invoice() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF TG_OP = 'DELETE' THEN
          IF OLD.keep_until < current_date THEN RETURN OLD; END IF;
        END IF;
        RAISE EXCEPTION 'an issued invoice is kept as it is: issue a credit note'
          USING ERRCODE = 'restrict_violation';
      END $$`);
    await runner.query(`CREATE TRIGGER keep_issued_invoice BEFORE UPDATE OR DELETE ON issued_invoice
      FOR EACH ROW EXECUTE FUNCTION keep_issued_invoice()`);
    await runner.query(`CREATE TRIGGER keep_issued_invoices BEFORE TRUNCATE ON issued_invoice
      FOR EACH STATEMENT EXECUTE FUNCTION keep_issued_invoice()`);
  }

  private async settlements(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE invoice_settlement (
      tenant_id uuid NOT NULL,
      invoice_id uuid NOT NULL,
      paid_on date NOT NULL,
      reference varchar(200),
      recorded_at timestamptz NOT NULL DEFAULT now(),
      CONSTRAINT pk_invoice_settlement PRIMARY KEY (tenant_id, invoice_id),
      CONSTRAINT fk_invoice_settlement_tenant_id_invoice_id FOREIGN KEY (tenant_id, invoice_id)
        REFERENCES issued_invoice (tenant_id, id))`);
    await tenantTable(runner, 'invoice_settlement', 'SELECT, INSERT');
    await everybodysRows(runner, 'invoice_settlement');
    await runner.query('GRANT SELECT ON invoice_settlement TO app_user');
  }

  /** The books of the provider "manual". */
  private async manual(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE manual_customer (
      tenant_id uuid NOT NULL,
      name varchar(200) NOT NULL,
      email varchar(254) NOT NULL,
      locale varchar(5) NOT NULL,
      street varchar(200) NOT NULL DEFAULT '',
      postal_code varchar(20) NOT NULL DEFAULT '',
      city varchar(100) NOT NULL DEFAULT '',
      country varchar(2),
      vat_number varchar(20),
      purchase_order varchar(100),
      created_at timestamptz NOT NULL DEFAULT now(),
      CONSTRAINT pk_manual_customer PRIMARY KEY (tenant_id),
      CONSTRAINT fk_manual_customer_tenant_id FOREIGN KEY (tenant_id) REFERENCES tenant (id))`);
    await runner.query(`CREATE TABLE manual_subscription (
      id uuid NOT NULL DEFAULT gen_random_uuid(),
      tenant_id uuid NOT NULL,
      price_key varchar(80) NOT NULL,
      seats integer NOT NULL,
      payment_days integer NOT NULL,
      started_at timestamptz NOT NULL,
      period_start timestamptz NOT NULL,
      period_end timestamptz NOT NULL,
      trial_ends_at timestamptz,
      cancels_at_period_end boolean NOT NULL DEFAULT false,
      canceled_at timestamptz,
      ended_at timestamptz,
      revision integer NOT NULL DEFAULT 0,
      pending jsonb NOT NULL DEFAULT '[]',
      CONSTRAINT pk_manual_subscription PRIMARY KEY (id),
      CONSTRAINT uq_manual_subscription_tenant_id_id UNIQUE (tenant_id, id),
      CONSTRAINT fk_manual_subscription_tenant_id FOREIGN KEY (tenant_id) REFERENCES tenant (id),
      CONSTRAINT ck_manual_subscription_seats CHECK (seats > 0),
      CONSTRAINT ck_manual_subscription_payment_days CHECK (payment_days BETWEEN 0 AND 365))`);
    await runner.query(`CREATE UNIQUE INDEX uq_manual_subscription_live
      ON manual_subscription (tenant_id) WHERE ended_at IS NULL`);
    await runner.query(`CREATE INDEX idx_manual_subscription_due
      ON manual_subscription (period_end) WHERE ended_at IS NULL`);
    for (const table of ['manual_customer', 'manual_subscription']) {
      await tenantTable(runner, table, 'SELECT, INSERT, UPDATE');
      // Whose a subscription is, and which are due, is asked before any organisation is in context.
      await everybodysRows(runner, table);
    }
  }

  /** What VIES said, as the proof of why no VAT was charged: kept as long as the invoices. */
  private async vatChecks(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE vat_check (
      id uuid NOT NULL DEFAULT gen_random_uuid(),
      tenant_id uuid NOT NULL,
      vat_number varchar(20) NOT NULL,
      result varchar(10) NOT NULL,
      consultation varchar(40),
      name varchar(200),
      address varchar(500),
      asked_at timestamptz NOT NULL,
      CONSTRAINT pk_vat_check PRIMARY KEY (id),
      CONSTRAINT ck_vat_check_result CHECK (result IN ('valid', 'invalid', 'unknown')))`);
    await runner.query(`CREATE INDEX idx_vat_check_of_number
      ON vat_check (tenant_id, vat_number, asked_at DESC)`);
    await tenantTable(runner, 'vat_check', 'SELECT, INSERT');
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of [
      'vat_check',
      'manual_subscription',
      'manual_customer',
      'invoice_settlement',
      'issued_invoice',
      'invoice_counter',
    ]) {
      await runner.query(`DROP TABLE ${table}`);
    }
    await runner.query('DROP FUNCTION keep_issued_invoice()');
    await runner.query('DROP FUNCTION number_issued_invoice()');
  }
}

/** Rows of the organisation in context: requests read what they are granted, the role of billing writes. */
async function tenantTable(runner: QueryRunner, table: string, rights: string): Promise<void> {
  await forceRowSecurity(runner, table);
  for (const [name, role] of [
    ['tenant_rows', 'app_user'],
    ['billing', 'app_billing'],
  ]) {
    await runner.query(`CREATE POLICY ${name} ON ${table} TO ${role}
      USING (tenant_id = (SELECT app_tenant_id())) WITH CHECK (tenant_id = (SELECT app_tenant_id()))`);
  }
  await runner.query(`GRANT ${rights} ON ${table} TO app_billing`);
}

/** The role of billing reads them whosever they are, and writes those of the organisation in context. */
async function everybodysRows(runner: QueryRunner, table: string): Promise<void> {
  await runner.query(
    `CREATE POLICY billing_reads ON ${table} FOR SELECT TO app_billing USING (true)`,
  );
}
