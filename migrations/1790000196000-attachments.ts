import type { MigrationInterface, QueryRunner } from 'typeorm';
import { AUDIT_COLUMNS, protectTenantTable } from './support/tenant-table.v3.js';

/** Files of rows of any table (ADR 128). What was deleted 30 days ago is removed as the role of retention. */
export class Attachments1790000196000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE attachment (${AUDIT_COLUMNS},
      tenant_id uuid NOT NULL,
      subject varchar(60) NOT NULL,
      subject_id uuid NOT NULL,
      author_id uuid,
      key_name varchar(100),
      name varchar(200) NOT NULL,
      size_bytes integer NOT NULL,
      file_key varchar(100) NOT NULL,
      CONSTRAINT pk_attachment PRIMARY KEY (id),
      CONSTRAINT uq_attachment_file_key UNIQUE (file_key),
      CONSTRAINT fk_attachment_tenant_id FOREIGN KEY (tenant_id) REFERENCES tenant (id),
      CONSTRAINT fk_attachment_author_id_tenant_id
        FOREIGN KEY (author_id, tenant_id) REFERENCES user_profile (id, tenant_id),
      CONSTRAINT ck_attachment_author CHECK ((author_id IS NULL) <> (key_name IS NULL)),
      CONSTRAINT ck_attachment_name CHECK (length(btrim(name)) > 0),
      CONSTRAINT ck_attachment_size_bytes CHECK (size_bytes > 0))`);
    await runner.query('CREATE INDEX idx_attachment_tenant_id ON attachment (tenant_id)');
    await runner.query(
      'CREATE INDEX idx_attachment_is_active ON attachment (is_active) WHERE NOT is_active',
    );
    await runner.query(
      'CREATE INDEX idx_attachment_author_id ON attachment (author_id) WHERE author_id IS NOT NULL',
    );
    await runner.query(`CREATE INDEX idx_attachment_of_subject
      ON attachment (tenant_id, subject, subject_id, created_at, id) WHERE deleted_at IS NULL`);
    await runner.query(
      'CREATE INDEX idx_attachment_deleted ON attachment (deleted_at) WHERE deleted_at IS NOT NULL',
    );
    await protectTenantTable(runner, 'attachment');
    // Which files are in use is asked of all.
    await runner.query(
      'CREATE POLICY upkeep_reads ON attachment FOR SELECT TO app_upkeep USING (true)',
    );
    await runner.query(`CREATE POLICY upkeep_removes ON attachment FOR DELETE TO app_upkeep
      USING (deleted_at < now() - interval '30 days')`);
    await runner.query(
      'GRANT SELECT (id, file_key, deleted_at), DELETE ON attachment TO app_upkeep',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE attachment');
  }
}
