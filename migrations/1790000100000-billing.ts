import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ensureRole } from './support/ensure-role.v1.js';
import { billingTable, grantBilling } from './support/billing-table.v1.js';

/**
 * Billing: what is known of an organisation as a customer, its subscriptions and invoices, and what follows for
 * it: columns of `tenant` that only the role of billing may write. What must be unique is decided here and not in
 * code: the customer of an organisation, its live subscription, a trial.
 */
export class Billing1790000100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await ensureRole(runner, 'app_billing');
    await this.projection(runner);
    await this.customers(runner);
    await this.subscriptions(runner);
    await this.invoices(runner);
  }

  private async projection(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE tenant
      ADD COLUMN access_state varchar(20) NOT NULL DEFAULT 'free',
      ADD COLUMN access_until timestamptz,
      ADD COLUMN plan_key varchar(40),
      ADD COLUMN plan_version integer,
      ADD COLUMN seats integer,
      ADD COLUMN entitlement_overrides jsonb NOT NULL DEFAULT '{}',
      ADD CONSTRAINT ck_tenant_access_state CHECK (
        access_state IN ('free', 'trial', 'full', 'grace', 'read_only', 'over_limit')),
      ADD CONSTRAINT ck_tenant_plan CHECK ((plan_key IS NULL) = (plan_version IS NULL))`);
    // Requests change what an organisation says of itself, never what it may do.
    await runner.query('REVOKE INSERT, UPDATE ON tenant FROM app_user');
    await runner.query(
      `GRANT INSERT (${OWN_COLUMNS}), UPDATE (${OWN_COLUMNS}) ON tenant TO app_user`,
    );
    await runner.query(`GRANT SELECT, UPDATE (${PROJECTED}) ON tenant TO app_billing`);
    await runner.query(
      'CREATE POLICY billing_reads ON tenant FOR SELECT TO app_billing USING (true)',
    );
    await runner.query(`CREATE POLICY billing_projects ON tenant FOR UPDATE TO app_billing
      USING (id = (SELECT app_tenant_id())) WITH CHECK (id = (SELECT app_tenant_id()))`);
  }

  private async customers(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE billing_customer (
      id uuid NOT NULL DEFAULT gen_random_uuid(),
      tenant_id uuid NOT NULL,
      provider varchar(20) NOT NULL,
      external_id varchar(255),
      legal_name varchar(200),
      email varchar(254),
      address varchar(200),
      postal_code varchar(20),
      city varchar(100),
      country varchar(2),
      vat_number varchar(20),
      purchase_order varchar(100),
      payment_method varchar(20) NOT NULL DEFAULT 'none',
      payment_label varchar(100),
      trial_started_at timestamptz,
      fetched_at timestamptz,
      created_at timestamptz NOT NULL DEFAULT now(),
      CONSTRAINT pk_billing_customer PRIMARY KEY (id),
      CONSTRAINT uq_billing_customer_tenant_id_id UNIQUE (tenant_id, id),
      CONSTRAINT uq_billing_customer_provider_tenant_id UNIQUE (provider, tenant_id),
      CONSTRAINT uq_billing_customer_provider_external_id UNIQUE (provider, external_id),
      CONSTRAINT fk_billing_customer_tenant_id FOREIGN KEY (tenant_id) REFERENCES tenant (id),
      CONSTRAINT ck_billing_customer_payment_method CHECK (
        payment_method IN ('none', 'known', 'card_failed')))`);
    // One trial for each organisation, and for each company however many organisations it makes.
    await runner.query(`CREATE UNIQUE INDEX uq_billing_customer_trial
      ON billing_customer (tenant_id) WHERE trial_started_at IS NOT NULL`);
    await runner.query(`CREATE UNIQUE INDEX uq_billing_customer_trial_vat_number
      ON billing_customer (vat_number) WHERE trial_started_at IS NOT NULL AND vat_number IS NOT NULL`);
    await billingTable(runner, 'billing_customer', 'SELECT, INSERT, UPDATE');
    // Whose customer a notification is about, is asked before any organisation is in context.
    await everybodysRows(runner, 'billing_customer');
  }

  private async subscriptions(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE subscription (
      id uuid NOT NULL DEFAULT gen_random_uuid(),
      tenant_id uuid NOT NULL,
      customer_id uuid NOT NULL,
      provider varchar(20) NOT NULL,
      external_id varchar(255) NOT NULL,
      status varchar(20) NOT NULL,
      raw_status varchar(60) NOT NULL,
      price_key varchar(80),
      plan_key varchar(40),
      plan_version integer,
      billing_interval varchar(10) NOT NULL,
      quantity integer NOT NULL,
      currency varchar(3) NOT NULL,
      unit_amount bigint NOT NULL,
      is_live boolean NOT NULL,
      started_at timestamptz NOT NULL,
      current_period_start timestamptz NOT NULL,
      current_period_end timestamptz NOT NULL,
      trial_ends_at timestamptz,
      cancel_at timestamptz,
      canceled_at timestamptz,
      ended_at timestamptz,
      past_due_since timestamptz,
      confirmation_url text,
      revision integer NOT NULL DEFAULT 0,
      fetched_at timestamptz NOT NULL,
      CONSTRAINT pk_subscription PRIMARY KEY (id),
      CONSTRAINT uq_subscription_tenant_id_id UNIQUE (tenant_id, id),
      CONSTRAINT uq_subscription_provider_external_id UNIQUE (provider, external_id),
      CONSTRAINT fk_subscription_tenant_id FOREIGN KEY (tenant_id) REFERENCES tenant (id),
      CONSTRAINT fk_subscription_tenant_id_customer_id FOREIGN KEY (tenant_id, customer_id)
        REFERENCES billing_customer (tenant_id, id),
      CONSTRAINT ck_subscription_status CHECK (status IN ('trialing', 'active', 'past_due',
        'incomplete', 'incomplete_expired', 'canceled', 'unpaid', 'paused', 'unknown')),
      CONSTRAINT ck_subscription_billing_interval CHECK (billing_interval IN ('month', 'year')),
      CONSTRAINT ck_subscription_quantity CHECK (quantity >= 0))`);
    await runner.query(`CREATE UNIQUE INDEX uq_subscription_live
      ON subscription (tenant_id) WHERE is_live`);
    await billingTable(runner, 'subscription', 'SELECT');
    await grantBilling(runner, 'subscription');
  }

  private async invoices(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE invoice (
      id uuid NOT NULL DEFAULT gen_random_uuid(),
      tenant_id uuid NOT NULL,
      customer_id uuid NOT NULL,
      provider varchar(20) NOT NULL,
      external_id varchar(255) NOT NULL,
      subscription_external_id varchar(255),
      number varchar(60),
      status varchar(20) NOT NULL,
      issued_at timestamptz,
      due_at timestamptz,
      paid_at timestamptz,
      currency varchar(3) NOT NULL,
      net bigint NOT NULL,
      vat bigint NOT NULL,
      total bigint NOT NULL,
      paid bigint NOT NULL,
      attempts integer NOT NULL DEFAULT 0,
      next_attempt_at timestamptz,
      hosted_url text,
      pdf_url text,
      fetched_at timestamptz NOT NULL,
      CONSTRAINT pk_invoice PRIMARY KEY (id),
      CONSTRAINT uq_invoice_tenant_id_id UNIQUE (tenant_id, id),
      CONSTRAINT uq_invoice_provider_external_id UNIQUE (provider, external_id),
      CONSTRAINT fk_invoice_tenant_id FOREIGN KEY (tenant_id) REFERENCES tenant (id),
      CONSTRAINT fk_invoice_tenant_id_customer_id FOREIGN KEY (tenant_id, customer_id)
        REFERENCES billing_customer (tenant_id, id),
      CONSTRAINT ck_invoice_status CHECK (
        status IN ('draft', 'open', 'paid', 'uncollectible', 'void')),
      CONSTRAINT ck_invoice_total CHECK (net + vat = total))`);
    await runner.query(`CREATE INDEX idx_invoice_by_issue
      ON invoice (tenant_id, issued_at DESC, id)`);
    await runner.query(`CREATE TABLE invoice_line (
      id uuid NOT NULL DEFAULT gen_random_uuid(),
      tenant_id uuid NOT NULL,
      invoice_id uuid NOT NULL,
      position integer NOT NULL,
      description varchar(500) NOT NULL,
      quantity integer NOT NULL,
      net bigint NOT NULL,
      vat bigint NOT NULL,
      vat_rate integer,
      vat_category varchar(2),
      period_start timestamptz,
      period_end timestamptz,
      CONSTRAINT pk_invoice_line PRIMARY KEY (id),
      CONSTRAINT uq_invoice_line_position UNIQUE (tenant_id, invoice_id, position),
      CONSTRAINT fk_invoice_line_tenant_id FOREIGN KEY (tenant_id) REFERENCES tenant (id),
      CONSTRAINT fk_invoice_line_tenant_id_invoice_id FOREIGN KEY (tenant_id, invoice_id)
        REFERENCES invoice (tenant_id, id),
      CONSTRAINT ck_invoice_line_vat_category CHECK (vat_category IN ('S', 'AE', 'O')))`);
    for (const table of ['invoice', 'invoice_line']) {
      await billingTable(runner, table, 'SELECT');
      await grantBilling(runner, table);
    }
    await runner.query('GRANT DELETE ON invoice_line TO app_billing');
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of [...TABLES].reverse()) await runner.query(`DROP TABLE ${table}`);
    await runner.query('DROP POLICY billing_projects ON tenant');
    await runner.query('DROP POLICY billing_reads ON tenant');
    await runner.query('REVOKE ALL ON tenant FROM app_billing');
    await runner.query(
      `REVOKE INSERT (${OWN_COLUMNS}), UPDATE (${OWN_COLUMNS}) ON tenant FROM app_user`,
    );
    await runner.query('GRANT INSERT, UPDATE ON tenant TO app_user');
    for (const column of PROJECTED.split(', ')) {
      await runner.query(`ALTER TABLE tenant DROP COLUMN ${column}`);
    }
    // The role stays: other databases of the server may use it.
    await runner.query('REVOKE USAGE ON SCHEMA public FROM app_billing');
  }
}

const PROJECTED =
  'access_state, access_until, plan_key, plan_version, seats, entitlement_overrides';

/** All other columns of `tenant` there are at this point. */
const OWN_COLUMNS = `id, created_at, created_by, updated_at, updated_by, is_active, deleted_at,
  deleted_by, organization, logo, currency_id, timezone_id, language_id, closed_at, version`;

const TABLES = ['billing_customer', 'subscription', 'invoice', 'invoice_line'] as const;

async function everybodysRows(runner: QueryRunner, table: string): Promise<void> {
  await runner.query(
    `CREATE POLICY billing_reads ON ${table} FOR SELECT TO app_billing USING (true)`,
  );
  await grantBilling(runner, table);
}
