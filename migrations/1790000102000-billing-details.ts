import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Two admins may edit the billing details at once: the second one is told. */
export class BillingDetails1790000102000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'ALTER TABLE billing_customer ADD COLUMN details_version integer NOT NULL DEFAULT 0',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE billing_customer DROP COLUMN details_version');
  }
}
