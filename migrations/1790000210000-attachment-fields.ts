import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A file may be what a declared field of its row says (ADR 139): one at a time, whoever adds two at once. */
export class AttachmentFields1790000210000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE attachment ADD COLUMN field varchar(60)');
    await runner.query(`CREATE UNIQUE INDEX uq_attachment_field
      ON attachment (tenant_id, subject, subject_id, field)
      WHERE deleted_at IS NULL AND field IS NOT NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE attachment DROP COLUMN field');
  }
}
