import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A session in which a superuser acts on behalf of somebody: who, from which session of their own, why
 * and whether they may change things. It is over with that session, which is therefore its parent.
 */
export class ActingOnBehalf1790000081000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE session
      ADD COLUMN acting_session_id uuid,
      ADD COLUMN acting_staff_id uuid,
      ADD COLUMN acting_staff_name varchar(254),
      ADD COLUMN acting_reason varchar(500),
      ADD COLUMN acting_may_write boolean,
      ADD CONSTRAINT fk_session_acting_session_id FOREIGN KEY (acting_session_id)
        REFERENCES session (id) ON DELETE CASCADE,
      ADD CONSTRAINT fk_session_acting_staff_id FOREIGN KEY (acting_staff_id) REFERENCES users (id),
      ADD CONSTRAINT ck_session_acting CHECK (num_nonnulls(acting_session_id, acting_staff_id,
        acting_staff_name, acting_reason, acting_may_write) = 0
        OR num_nulls(acting_session_id, acting_staff_id, acting_staff_name, acting_reason,
          acting_may_write) = 0
          AND kind = 'browser' AND acting_staff_id <> user_id AND acting_session_id <> id
          AND expires_at <= created_at + interval '60 minutes')`);
    // Few among many: what hangs on a session, and what the back office lists.
    await runner.query(`CREATE INDEX idx_session_acting_session ON session (acting_session_id)
      WHERE acting_session_id IS NOT NULL`);
    await runner.query(`CREATE INDEX idx_session_acting ON session (created_at, id)
      WHERE acting_session_id IS NOT NULL`);
    // Whose account it is sees who acts, not the reason: that is in the organisation's trail.
    await runner.query(`GRANT SELECT (acting_session_id, acting_staff_id, acting_staff_name)
      ON session TO app_user`);
    await runner.query(`GRANT SELECT (acting_session_id, acting_staff_id, acting_staff_name,
      acting_reason, acting_may_write) ON session TO app_staff`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DELETE FROM session WHERE acting_session_id IS NOT NULL`);
    await runner.query(`ALTER TABLE session DROP COLUMN acting_session_id, DROP COLUMN acting_staff_id,
      DROP COLUMN acting_staff_name, DROP COLUMN acting_reason, DROP COLUMN acting_may_write`);
  }
}
