import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What the audit trail keeps of people, and who waits for whom while it is written.
 *
 * - Address and device stand beside an entry; its hash covers only their salted hash. They can be removed
 *   later and the chain still holds. Entries of before keep both: their hash covers the values themselves.
 * - What belongs to no organisation goes to one of 64 chains, whichever nobody writes to at that moment.
 * - Sign-ins that fail without an account go to 64 others, of which the beginning may be removed later;
 *   each records 100 in an hour, and the next entry tells how many more there were.
 */
export class AuditRetention1790000094000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await this.columns(runner);
    await this.hashes(runner);
    await this.chains(runner);
    await this.retention(runner);
  }

  private async columns(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE audit_entry
      ADD COLUMN personal_salt bytea, ADD COLUMN personal_hash bytea`);
    await runner.query(`ALTER TABLE audit_head
      ADD COLUMN base_position bigint NOT NULL DEFAULT 0,
      ADD COLUMN base_hash bytea NOT NULL DEFAULT ${ZEROS},
      ADD COLUMN counted_hour timestamptz,
      ADD COLUMN counted integer NOT NULL DEFAULT 0`);
    await runner.query(`CREATE INDEX idx_audit_entry_personal ON audit_entry (at)
      WHERE personal_salt IS NOT NULL`);
  }

  private async hashes(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE FUNCTION audit_personal_hash(salt bytea, address inet, device text)
      RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE AS $$
        SELECT sha256(coalesce(salt, '') ||
          convert_to(jsonb_build_array(host(address), device)::text, 'UTF8')) $$`);
    await runner.query(
      auditHash(`
      CASE WHEN entry.personal_hash IS NULL THEN host(entry.address)
        ELSE 'sha256:' || encode(entry.personal_hash, 'hex') END,
      CASE WHEN entry.personal_hash IS NULL THEN entry.device END`),
    );
    // Nothing removes personal data within a day: where it is gone sooner, somebody else did it.
    await runner.query(`CREATE FUNCTION is_audit_entry_true(entry audit_entry) RETURNS boolean
      LANGUAGE sql STABLE PARALLEL SAFE AS $$
        SELECT entry.hash = audit_hash(entry) AND CASE
          WHEN entry.personal_hash IS NULL THEN entry.personal_salt IS NULL
          WHEN entry.personal_salt IS NOT NULL THEN
            entry.personal_hash = audit_personal_hash(entry.personal_salt, entry.address, entry.device)
          ELSE entry.address IS NULL AND entry.device IS NULL AND (
            entry.personal_hash = audit_personal_hash(NULL, NULL, NULL)
            OR entry.at < now() - interval '1 day')
          END $$`);
  }

  private async chains(runner: QueryRunner): Promise<void> {
    // Whoever finds all 64 taken waits for the first: never two for each other.
    await runner.query(`CREATE FUNCTION free_audit_chain(first integer) RETURNS uuid
      LANGUAGE plpgsql AS $$
      BEGIN
        FOR number IN first .. first + 63 LOOP
          IF pg_try_advisory_xact_lock(1790000094, number) THEN
            RETURN ('00000000-0000-0000-0000-' || lpad(to_hex(number), 12, '0'))::uuid;
          END IF;
        END LOOP;
        RETURN ('00000000-0000-0000-0000-' || lpad(to_hex(first), 12, '0'))::uuid;
      END $$`);
    await runner.query(`CREATE OR REPLACE FUNCTION append_audit_entry() RETURNS trigger
      LANGUAGE plpgsql AS $$
      DECLARE
        this_hour constant timestamptz := date_trunc('hour', now());
        is_strangers constant boolean := NEW.tenant_id IS NULL AND NEW.action = 'sign_in.failed';
        is_counted constant boolean := is_strangers AND NEW.subject_id IS NULL;
        earlier record;
      BEGIN
        NEW.chain := coalesce(NEW.tenant_id, '${OPERATOR}');
        IF current_user <> 'app_audit' THEN
          RETURN NEW;
        END IF;
        IF NEW.tenant_id IS NULL THEN
          NEW.chain := free_audit_chain(CASE WHEN is_strangers THEN 256 ELSE 0 END);
        END IF;
        IF is_counted THEN
          SELECT counted_hour, counted INTO earlier FROM audit_head
            WHERE chain = NEW.chain FOR UPDATE;
          IF earlier.counted_hour = this_hour AND earlier.counted >= 100 THEN
            UPDATE audit_head SET counted = counted + 1 WHERE chain = NEW.chain;
            RETURN NULL;
          END IF;
          IF earlier.counted_hour <> this_hour AND earlier.counted > 100 THEN
            NEW.changes := jsonb_build_object('unrecorded',
              jsonb_build_object('from', NULL, 'to', earlier.counted - 100));
          END IF;
        END IF;
        INSERT INTO audit_head AS head (chain, position, hash, counted_hour, counted)
          VALUES (NEW.chain, 1, ${ZEROS}, this_hour, is_counted::integer)
          ON CONFLICT (chain) DO UPDATE SET position = head.position + 1,
            counted_hour = CASE WHEN is_counted THEN this_hour ELSE head.counted_hour END,
            counted = CASE WHEN NOT is_counted OR head.counted_hour = this_hour
              THEN head.counted + is_counted::integer ELSE 1 END
          RETURNING head.position, head.hash INTO NEW.position, NEW.previous_hash;
        NEW.at := clock_timestamp();
        IF NEW.address IS NOT NULL OR NEW.device IS NOT NULL THEN
          NEW.personal_salt := uuid_send(gen_random_uuid());
        END IF;
        NEW.personal_hash := audit_personal_hash(NEW.personal_salt, NEW.address, NEW.device);
        NEW.hash := audit_hash(NEW);
        UPDATE audit_head SET hash = NEW.hash WHERE chain = NEW.chain;
        RETURN NEW;
      END $$`);
  }

  /** The upkeep door removes what is older than a day, whatever it is asked; how old, the caller says. */
  private async retention(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE POLICY upkeep_reads ON audit_entry FOR SELECT TO app_upkeep USING (true)`,
    );
    await runner.query(`CREATE POLICY upkeep_forgets ON audit_entry FOR UPDATE TO app_upkeep
      USING (${OLD}) WITH CHECK (address IS NULL AND device IS NULL AND personal_salt IS NULL)`);
    await runner.query(`CREATE POLICY upkeep_removes ON audit_entry FOR DELETE TO app_upkeep
      USING (${STRANGERS} AND ${OLD})`);
    await runner.query(
      `GRANT SELECT (id, chain, position, at, hash, personal_salt) ON audit_entry TO app_upkeep`,
    );
    await runner.query(
      `GRANT UPDATE (address, device, personal_salt) ON audit_entry TO app_upkeep`,
    );
    await runner.query(`GRANT DELETE ON audit_entry TO app_upkeep`);
    await runner.query(`CREATE POLICY upkeep ON audit_head TO app_upkeep
      USING (${STRANGERS}) WITH CHECK (${STRANGERS})`);
    await runner.query(
      `GRANT SELECT (chain, base_position, base_hash) ON audit_head TO app_upkeep`,
    );
    await runner.query(`GRANT UPDATE (base_position, base_hash) ON audit_head TO app_upkeep`);
  }

  /** Entries written since cannot be checked by the version before: a chain begins anew after this. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`REVOKE ALL ON audit_head, audit_entry FROM app_upkeep`);
    await runner.query(`DROP POLICY upkeep ON audit_head`);
    for (const policy of ['upkeep_reads', 'upkeep_forgets', 'upkeep_removes']) {
      await runner.query(`DROP POLICY ${policy} ON audit_entry`);
    }
    await runner.query(appendAsBefore());
    await runner.query(`DROP FUNCTION free_audit_chain(integer)`);
    await runner.query(`DROP FUNCTION is_audit_entry_true(audit_entry)`);
    await runner.query(auditHash('host(entry.address), entry.device'));
    await runner.query(`DROP FUNCTION audit_personal_hash(bytea, inet, text)`);
    await runner.query(`DROP INDEX idx_audit_entry_personal`);
    await runner.query(
      `ALTER TABLE audit_entry DROP COLUMN personal_salt, DROP COLUMN personal_hash`,
    );
    await runner.query(`ALTER TABLE audit_head DROP COLUMN base_position, DROP COLUMN base_hash,
      DROP COLUMN counted_hour, DROP COLUMN counted`);
  }
}

const OPERATOR = '00000000-0000-0000-0000-000000000000';
const ZEROS = `decode(repeat('00', 32), 'hex')`;
const OLD = `at < now() - interval '1 day'`;
// Flat comparisons: PostgreSQL writes `BETWEEN … AND` in another shape once a backup was restored.
const STRANGERS = `chain >= '00000000-0000-0000-0000-000000000100'
  AND chain <= '00000000-0000-0000-0000-00000000013f'`;

/** Says the same whatever the session's time zone and settings are. */
function auditHash(personal: string): string {
  return `CREATE OR REPLACE FUNCTION audit_hash(entry audit_entry) RETURNS bytea
    LANGUAGE sql STABLE PARALLEL SAFE AS $$
      SELECT sha256(convert_to(jsonb_build_array(
        encode(entry.previous_hash, 'hex'), entry.chain, entry.position, entry.id, entry.tenant_id,
        to_char(entry.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
        entry.actor_kind, entry.actor_id, entry.actor_name, entry.staff_id, entry.staff_name,
        entry.action, entry.subject_kind, entry.subject_id, entry.subject_name, entry.changes,
        ${personal}, entry.request_id)::text, 'UTF8')) $$`;
}

function appendAsBefore(): string {
  return `CREATE OR REPLACE FUNCTION append_audit_entry() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      NEW.chain := coalesce(NEW.tenant_id, '${OPERATOR}');
      IF current_user <> 'app_audit' THEN
        RETURN NEW;
      END IF;
      INSERT INTO audit_head AS head (chain, position, hash)
        VALUES (NEW.chain, 1, ${ZEROS})
        ON CONFLICT (chain) DO UPDATE SET position = head.position + 1
        RETURNING head.position, head.hash INTO NEW.position, NEW.previous_hash;
      NEW.at := clock_timestamp();
      NEW.hash := audit_hash(NEW);
      UPDATE audit_head SET hash = NEW.hash WHERE chain = NEW.chain;
      RETURN NEW;
    END $$`;
}
