import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Staff sell, decide and replay: two who decide the same at once are told apart by the version of an override. The start
 * page counts those that ended lately, and what was dealt with long ago is deleted.
 */
export class BillingByStaff1790000104000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'ALTER TABLE entitlement_override ADD COLUMN version integer NOT NULL DEFAULT 1',
    );
    await runner.query(`CREATE INDEX idx_subscription_ended
      ON subscription (ended_at) WHERE ended_at IS NOT NULL`);
    await runner.query(
      'CREATE INDEX idx_subscription_live ON subscription (started_at) WHERE is_live',
    );
    await runner.query(`CREATE INDEX idx_billing_event_done
      ON billing_event (done_at) WHERE state = 'done'`);
    await runner.query('GRANT SELECT (id, state, done_at), DELETE ON billing_event TO app_upkeep');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('REVOKE ALL ON billing_event FROM app_upkeep');
    await runner.query('DROP INDEX idx_billing_event_done');
    await runner.query('DROP INDEX idx_subscription_live');
    await runner.query('DROP INDEX idx_subscription_ended');
    await runner.query('ALTER TABLE entitlement_override DROP COLUMN version');
  }
}
