import type { MigrationInterface, QueryRunner } from 'typeorm';
import { forceRowSecurity } from './support/tenant-table.v3.js';

/** Filters of lists of the back office that staff saved, for themselves or for all staff (ADR 143). */
export class SavedLists1790000222000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE saved_list (
      id uuid NOT NULL DEFAULT gen_random_uuid(),
      user_id uuid NOT NULL,
      list varchar(60) NOT NULL,
      name varchar(60) NOT NULL,
      query varchar(2000) NOT NULL,
      is_shared boolean NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now(),
      CONSTRAINT pk_saved_list PRIMARY KEY (id),
      CONSTRAINT fk_saved_list_user_id FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE)`);
    await runner.query(
      'CREATE UNIQUE INDEX uq_saved_list_name ON saved_list (user_id, list, lower(name))',
    );
    await runner.query('CREATE INDEX idx_saved_list_shared ON saved_list (list) WHERE is_shared');
    await forceRowSecurity(runner, 'saved_list');
    await runner.query(
      'CREATE POLICY staff ON saved_list TO app_staff USING (true) WITH CHECK (true)',
    );
    await runner.query('GRANT SELECT, INSERT, DELETE ON saved_list TO app_staff');
    await runner.query('GRANT UPDATE (name, is_shared) ON saved_list TO app_staff');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE saved_list');
  }
}
