import type { MigrationInterface, QueryRunner } from 'typeorm';
import { billingTable, grantBilling } from './support/billing-table.v1.js';

/**
 * Checkouts, what staff decide beside a plan, notices, the ledger of what providers told, and the books of the
 * sandbox. An organisation has one open checkout; a notification and a notice are there once.
 */
export class BillingLedger1790000100100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await this.checkouts(runner);
    await this.overrides(runner);
    await this.notices(runner);
    await this.ledger(runner);
    await this.sandbox(runner);
  }

  private async checkouts(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE checkout (
      id uuid NOT NULL DEFAULT gen_random_uuid(),
      tenant_id uuid NOT NULL,
      provider varchar(20) NOT NULL,
      external_id varchar(255),
      price_key varchar(80) NOT NULL,
      seats integer NOT NULL,
      trial_days integer NOT NULL,
      state varchar(20) NOT NULL DEFAULT 'open',
      url text,
      expires_at timestamptz,
      created_at timestamptz NOT NULL DEFAULT now(),
      created_by uuid,
      CONSTRAINT pk_checkout PRIMARY KEY (id),
      CONSTRAINT fk_checkout_tenant_id FOREIGN KEY (tenant_id) REFERENCES tenant (id),
      CONSTRAINT ck_checkout_state CHECK (state IN ('open', 'completed', 'abandoned')))`);
    await runner.query(`CREATE UNIQUE INDEX uq_checkout_open
      ON checkout (tenant_id) WHERE state = 'open'`);
    await billingTable(runner, 'checkout', 'SELECT, INSERT, UPDATE');
    await grantBilling(runner, 'checkout', 'SELECT, UPDATE');
  }

  private async overrides(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE entitlement_override (
      id uuid NOT NULL DEFAULT gen_random_uuid(),
      tenant_id uuid NOT NULL,
      entitlement varchar(60) NOT NULL,
      amount integer,
      until timestamptz,
      reason varchar(500) NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now(),
      created_by uuid,
      CONSTRAINT pk_entitlement_override PRIMARY KEY (id),
      CONSTRAINT uq_entitlement_override_tenant_id_entitlement UNIQUE (tenant_id, entitlement),
      CONSTRAINT fk_entitlement_override_tenant_id FOREIGN KEY (tenant_id) REFERENCES tenant (id),
      CONSTRAINT ck_entitlement_override_amount CHECK (amount >= 0))`);
    await billingTable(runner, 'entitlement_override', 'SELECT');
    await grantBilling(runner, 'entitlement_override', 'SELECT, INSERT, UPDATE, DELETE');
  }

  private async notices(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE billing_notice (
      id uuid NOT NULL DEFAULT gen_random_uuid(),
      tenant_id uuid NOT NULL,
      kind varchar(40) NOT NULL,
      subject varchar(255) NOT NULL,
      attempt integer NOT NULL,
      sent_at timestamptz NOT NULL DEFAULT now(),
      CONSTRAINT pk_billing_notice PRIMARY KEY (id),
      CONSTRAINT uq_billing_notice_once UNIQUE (tenant_id, kind, subject, attempt),
      CONSTRAINT fk_billing_notice_tenant_id FOREIGN KEY (tenant_id) REFERENCES tenant (id))`);
    await billingTable(runner, 'billing_notice', 'SELECT');
    await grantBilling(runner, 'billing_notice', 'SELECT, INSERT');
  }

  private async ledger(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE billing_event (
      provider varchar(20) NOT NULL,
      event_id varchar(255) NOT NULL,
      type varchar(100) NOT NULL,
      object_id varchar(255) NOT NULL,
      customer_external_id varchar(255),
      is_live boolean NOT NULL,
      happened_at timestamptz NOT NULL,
      received_at timestamptz NOT NULL DEFAULT now(),
      state varchar(20) NOT NULL DEFAULT 'received',
      attempts integer NOT NULL DEFAULT 0,
      problem varchar(500),
      done_at timestamptz,
      CONSTRAINT pk_billing_event PRIMARY KEY (provider, event_id),
      CONSTRAINT ck_billing_event_state CHECK (state IN ('received', 'done', 'parked')))`);
    await runner.query(`CREATE INDEX idx_billing_event_open
      ON billing_event (state, received_at) WHERE state <> 'done'`);
    await runner.query('GRANT SELECT, INSERT, UPDATE ON billing_event TO app_billing');
  }

  /** What the sandbox provider keeps on its side: the stand-in for somebody else's database. */
  private async sandbox(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE sandbox_object (
      id varchar(60) NOT NULL,
      kind varchar(20) NOT NULL,
      customer_id varchar(60),
      data jsonb NOT NULL,
      position bigint GENERATED ALWAYS AS IDENTITY,
      CONSTRAINT pk_sandbox_object PRIMARY KEY (id))`);
    await runner.query(
      'CREATE INDEX idx_sandbox_object_of_customer ON sandbox_object (customer_id, kind)',
    );
    await runner.query('GRANT SELECT, INSERT, UPDATE, DELETE ON sandbox_object TO app_billing');
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await runner.query(`DROP TABLE ${table}`);
  }
}

const TABLES = [
  'sandbox_object',
  'billing_event',
  'billing_notice',
  'entitlement_override',
  'checkout',
] as const;
