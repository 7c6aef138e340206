import type { MigrationInterface, QueryRunner } from 'typeorm';
import { AUDIT_COLUMNS, protectTenantTable } from './support/tenant-table.v3.js';

/**
 * Comments on rows of any table (ADR 127). No foreign key can lead to such a row: the transaction that adds one holds the
 * row instead.
 */
export class Comments1790000195000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE comment (${AUDIT_COLUMNS},
      tenant_id uuid NOT NULL,
      subject varchar(60) NOT NULL,
      subject_id uuid NOT NULL,
      author_id uuid,
      key_name varchar(100),
      text varchar(4000) NOT NULL,
      edited_at timestamptz,
      version integer NOT NULL,
      CONSTRAINT pk_comment PRIMARY KEY (id),
      CONSTRAINT fk_comment_tenant_id FOREIGN KEY (tenant_id) REFERENCES tenant (id),
      CONSTRAINT fk_comment_author_id_tenant_id
        FOREIGN KEY (author_id, tenant_id) REFERENCES user_profile (id, tenant_id),
      CONSTRAINT ck_comment_author CHECK ((author_id IS NULL) <> (key_name IS NULL)),
      CONSTRAINT ck_comment_text CHECK (length(btrim(text)) > 0))`);
    await runner.query('CREATE INDEX idx_comment_tenant_id ON comment (tenant_id)');
    await runner.query(
      'CREATE INDEX idx_comment_is_active ON comment (is_active) WHERE NOT is_active',
    );
    await runner.query(
      'CREATE INDEX idx_comment_author_id ON comment (author_id) WHERE author_id IS NOT NULL',
    );
    await runner.query(`CREATE INDEX idx_comment_of_subject
      ON comment (tenant_id, subject, subject_id, created_at, id) WHERE deleted_at IS NULL`);
    await protectTenantTable(runner, 'comment');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE comment');
  }
}
