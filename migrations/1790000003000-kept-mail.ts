import type { MigrationInterface, QueryRunner } from 'typeorm';
import { forceRowSecurity } from './support/tenant-table.v1.js';

/** Mails kept instead of sent, where no mail server is configured. Any organisation's: the worker's only. */
export class KeptMail1790000003000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE kept_mail (
      id uuid NOT NULL DEFAULT gen_random_uuid(),
      "to" varchar(254) NOT NULL,
      subject varchar(998) NOT NULL,
      text text NOT NULL,
      html text NOT NULL,
      created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      CONSTRAINT pk_kept_mail PRIMARY KEY (id))`);
    await runner.query(`CREATE INDEX idx_kept_mail_created_at ON kept_mail (created_at)`);
    await forceRowSecurity(runner, 'kept_mail');
    await runner.query(
      `CREATE POLICY outbox ON kept_mail TO app_outbox USING (true) WITH CHECK (true)`,
    );
    await runner.query(`GRANT SELECT, INSERT, DELETE ON kept_mail TO app_outbox`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE kept_mail`);
  }
}
