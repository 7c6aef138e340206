import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Staff look at subscriptions, invoices, overrides and the ledger: an index for each order of their lists. */
export class BillingBackOffice1790000103000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE billing_event
      ADD COLUMN id uuid NOT NULL DEFAULT gen_random_uuid(),
      ADD CONSTRAINT uq_billing_event_id UNIQUE (id)`);
    for (const table of SEEN) {
      await runner.query(
        `CREATE POLICY staff_reads ON ${table} FOR SELECT TO app_staff USING (true)`,
      );
    }
    await runner.query(`GRANT SELECT ON ${SEEN.join(', ')}, billing_event TO app_staff`);
    for (const [name, on] of Object.entries(INDEXES)) {
      await runner.query(`CREATE INDEX ${name} ON ${on}`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const name of Object.keys(INDEXES)) await runner.query(`DROP INDEX ${name}`);
    await runner.query(`REVOKE SELECT ON ${SEEN.join(', ')}, billing_event FROM app_staff`);
    for (const table of SEEN) await runner.query(`DROP POLICY staff_reads ON ${table}`);
    await runner.query(`ALTER TABLE billing_event
      DROP CONSTRAINT uq_billing_event_id, DROP COLUMN id`);
  }
}

const SEEN = ['subscription', 'invoice', 'entitlement_override'];

const INDEXES = {
  idx_subscription_by_start: 'subscription (started_at, id)',
  idx_subscription_by_external_id: 'subscription ((lower(external_id) COLLATE "C"), id)',
  idx_subscription_of_tenant: 'subscription (tenant_id, started_at, id)',
  idx_invoice_of_all_by_fetch: 'invoice (fetched_at, id)',
  idx_invoice_of_all_by_number: 'invoice ((lower(number) COLLATE "C"), id)',
  idx_invoice_of_tenant: 'invoice (tenant_id, fetched_at, id)',
  idx_billing_event_by_receipt: 'billing_event (received_at, id)',
  idx_billing_event_by_object: 'billing_event ((lower(object_id) COLLATE "C"), id)',
  idx_billing_event_parked: `billing_event (received_at, id) WHERE state = 'parked'`,
  idx_entitlement_override_by_creation: 'entitlement_override (created_at, id)',
  idx_entitlement_override_of_tenant: 'entitlement_override (tenant_id, created_at, id)',
};
