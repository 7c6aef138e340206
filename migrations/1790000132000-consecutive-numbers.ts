import type { MigrationInterface, QueryRunner } from 'typeorm';
import { forceRowSecurity } from './support/tenant-table.v2.js';

/**
 * Consecutive numbers of an organisation's rows, `2026-0001`, for each table and year. The row of the counter stays
 * locked until the new row is committed, and a rollback takes the number back. Tables that have such numbers
 * use `support/numbered-rows.v1.ts`.
 */
export class ConsecutiveNumbers1790000132000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE number_counter (
      tenant_id uuid NOT NULL,
      series varchar(63) NOT NULL,
      year smallint NOT NULL,
      position integer NOT NULL,
      CONSTRAINT pk_number_counter PRIMARY KEY (tenant_id, series, year),
      CONSTRAINT fk_number_counter_tenant_id FOREIGN KEY (tenant_id) REFERENCES tenant (id))`);
    await forceRowSecurity(runner, 'number_counter');
    await runner.query(`CREATE POLICY tenant_rows ON number_counter TO app_user
      USING (tenant_id = (SELECT app_tenant_id())) WITH CHECK (tenant_id = (SELECT app_tenant_id()))`);
    await runner.query('GRANT SELECT, INSERT, UPDATE ON number_counter TO app_user');

    // The year in the time zone of the organisation.
    await runner.query(`CREATE FUNCTION number_year(organisation uuid, at timestamptz) RETURNS integer
      LANGUAGE sql STABLE AS $$
        SELECT extract(year FROM at AT TIME ZONE coalesce((SELECT zone.name FROM tenant
          JOIN timezone zone ON zone.id = tenant.timezone_id WHERE tenant.id = organisation), 'UTC'))::integer
      $$`);
    await runner.query(`CREATE FUNCTION number_text(year integer, nth integer) RETURNS text
      LANGUAGE sql IMMUTABLE AS $$
        SELECT year || '-' || lpad(nth::text, greatest(4, length(nth::text)), '0')
      $$`);
    // The argument is the column. Whatever a statement says, the number is the next one.
    await runner.query(`CREATE FUNCTION give_number() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE
        this_year integer := number_year(NEW.tenant_id, now());
        taken integer;
      BEGIN
        INSERT INTO number_counter AS counter (tenant_id, series, year, position)
          VALUES (NEW.tenant_id, TG_TABLE_NAME, this_year, 1)
          ON CONFLICT (tenant_id, series, year) DO UPDATE SET position = counter.position + 1
          RETURNING position INTO taken;
        RETURN jsonb_populate_record(NEW,
          jsonb_build_object(TG_ARGV[0], number_text(this_year, taken)));
      END $$`);
    await runner.query(`CREATE FUNCTION keep_number() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION 'a number that was given never changes' USING ERRCODE = 'restrict_violation';
      END $$`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION keep_number()');
    await runner.query('DROP FUNCTION give_number()');
    await runner.query('DROP FUNCTION number_text(integer, integer)');
    await runner.query('DROP FUNCTION number_year(uuid, timestamptz)');
    await runner.query('DROP TABLE number_counter');
  }
}
