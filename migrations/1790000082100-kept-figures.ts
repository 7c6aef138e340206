import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The figures of the back office's first page, where counting them takes too long to wait for. */
export class KeptFigures1790000082100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // One row: the latest.
    await runner.query(`CREATE TABLE kept_figures (
      is_latest boolean NOT NULL DEFAULT true,
      counted_at timestamptz NOT NULL,
      figures jsonb NOT NULL,
      CONSTRAINT pk_kept_figures PRIMARY KEY (is_latest),
      CONSTRAINT ck_kept_figures_is_latest CHECK (is_latest))`);
    await runner.query(`GRANT SELECT, INSERT, UPDATE ON kept_figures TO app_staff`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE kept_figures`);
  }
}
