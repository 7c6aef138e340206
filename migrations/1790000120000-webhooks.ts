import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ensureRole } from './support/ensure-role.v1.js';
import { AUDIT_COLUMNS, forceRowSecurity, protectTenantTable } from './support/tenant-table.v2.js';

/**
 * Webhooks: endpoints, events and their deliveries. Requests choose endpoints and ask for deliveries; what became
 * of a delivery is written by the role of webhooks only, which sees those of every organisation.
 */
export class Webhooks1790000120000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await ensureRole(runner, 'app_webhooks');
    await this.endpoints(runner);
    await this.events(runner);
    await this.deliveries(runner);
    for (const table of ['webhook_event', 'webhook_delivery']) {
      await forceRowSecurity(runner, table);
      await runner.query(`CREATE POLICY tenant_rows ON ${table} TO app_user
        USING (tenant_id = (SELECT app_tenant_id())) WITH CHECK (tenant_id = (SELECT app_tenant_id()))`);
      await runner.query(`GRANT SELECT, INSERT ON ${table} TO app_user`);
      await runner.query(`CREATE POLICY webhooks ON ${table} TO app_webhooks USING (true)`);
      await runner.query(`GRANT SELECT, INSERT ON ${table} TO app_webhooks`);
      await runner.query(
        `CREATE POLICY upkeep_reads ON ${table} FOR SELECT TO app_upkeep USING (true)`,
      );
      await runner.query(`CREATE POLICY upkeep_removes ON ${table} FOR DELETE TO app_upkeep
        USING (created_at < now() - interval '30 days')`);
      await runner.query(`GRANT SELECT (id, created_at), DELETE ON ${table} TO app_upkeep`);
    }
    await runner.query(`GRANT SELECT (event_id) ON webhook_delivery TO app_upkeep`);
    await runner.query(`GRANT UPDATE ON webhook_delivery TO app_webhooks`);
    for (const [table, columns] of Object.entries(SEEN_BY_STAFF)) {
      await runner.query(
        `CREATE POLICY staff_reads ON ${table} FOR SELECT TO app_staff USING (true)`,
      );
      await runner.query(`GRANT SELECT${columns} ON ${table} TO app_staff`);
    }
    for (const [name, on] of Object.entries(INDEXES)) {
      await runner.query(`CREATE INDEX ${name} ON ${on}`);
    }
  }

  private async endpoints(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE webhook_endpoint (${AUDIT_COLUMNS},
      tenant_id uuid NOT NULL,
      url varchar(2000) NOT NULL,
      description varchar(200),
      events text[] NOT NULL,
      secret bytea NOT NULL,
      previous_secret bytea,
      previous_secret_until timestamptz,
      disabled_at timestamptz,
      disabled_reason varchar(20),
      failing_since timestamptz,
      failures integer NOT NULL DEFAULT 0,
      notices integer NOT NULL DEFAULT 0,
      version integer NOT NULL,
      CONSTRAINT pk_webhook_endpoint PRIMARY KEY (id),
      CONSTRAINT fk_webhook_endpoint_tenant_id FOREIGN KEY (tenant_id) REFERENCES tenant (id),
      CONSTRAINT uq_webhook_endpoint_tenant_id_id UNIQUE (tenant_id, id),
      CONSTRAINT ck_webhook_endpoint_events CHECK (cardinality(events) > 0),
      CONSTRAINT ck_webhook_endpoint_disabled CHECK ((disabled_at IS NULL) = (disabled_reason IS NULL)),
      CONSTRAINT ck_webhook_endpoint_disabled_reason CHECK (disabled_reason IN ('person', 'gone', 'failing')))`);
    await runner.query(
      `CREATE INDEX idx_webhook_endpoint_tenant_id ON webhook_endpoint (tenant_id)`,
    );
    await runner.query(
      `CREATE INDEX idx_webhook_endpoint_is_active ON webhook_endpoint (is_active) WHERE NOT is_active`,
    );
    // A form that is sent twice makes one endpoint: the second finds the address taken.
    await runner.query(`CREATE UNIQUE INDEX uq_webhook_endpoint_url
      ON webhook_endpoint (tenant_id, url) WHERE deleted_at IS NULL`);
    await protectTenantTable(runner, 'webhook_endpoint');
    await runner.query(`CREATE POLICY webhooks ON webhook_endpoint TO app_webhooks USING (true)`);
    await runner.query(`GRANT SELECT, UPDATE (disabled_at, disabled_reason, failing_since, failures, notices)
      ON webhook_endpoint TO app_webhooks`);
  }

  private async events(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE webhook_event (
      id uuid NOT NULL DEFAULT gen_random_uuid(),
      tenant_id uuid NOT NULL,
      type varchar(60) NOT NULL,
      body text NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now(),
      CONSTRAINT pk_webhook_event PRIMARY KEY (id),
      CONSTRAINT fk_webhook_event_tenant_id FOREIGN KEY (tenant_id) REFERENCES tenant (id),
      CONSTRAINT uq_webhook_event_tenant_id_id UNIQUE (tenant_id, id),
      CONSTRAINT ck_webhook_event_body CHECK (octet_length(body) <= 20480))`);
  }

  private async deliveries(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE webhook_delivery (
      id uuid NOT NULL DEFAULT gen_random_uuid(),
      tenant_id uuid NOT NULL,
      endpoint_id uuid NOT NULL,
      event_id uuid NOT NULL,
      type varchar(60) NOT NULL,
      state varchar(10) NOT NULL DEFAULT 'pending',
      attempts integer NOT NULL DEFAULT 0,
      created_at timestamptz NOT NULL DEFAULT now(),
      next_attempt_at timestamptz NOT NULL DEFAULT now(),
      attempted_at timestamptz,
      status integer,
      failure varchar(20),
      duration_ms integer,
      answer text,
      CONSTRAINT pk_webhook_delivery PRIMARY KEY (id),
      CONSTRAINT fk_webhook_delivery_tenant_id FOREIGN KEY (tenant_id) REFERENCES tenant (id),
      CONSTRAINT fk_webhook_delivery_endpoint_id_tenant_id
        FOREIGN KEY (endpoint_id, tenant_id) REFERENCES webhook_endpoint (id, tenant_id),
      CONSTRAINT fk_webhook_delivery_event_id_tenant_id
        FOREIGN KEY (event_id, tenant_id) REFERENCES webhook_event (id, tenant_id),
      CONSTRAINT ck_webhook_delivery_state CHECK (state IN ('pending', 'sending', 'delivered', 'failed')))`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE webhook_delivery, webhook_event, webhook_endpoint`);
    // The role stays: other databases of the server may use it.
    await runner.query(`REVOKE USAGE ON SCHEMA public FROM app_webhooks`);
  }
}

const OPEN = `WHERE state IN ('pending', 'sending')`;

const INDEXES = {
  // What is due, of one endpoint and of all.
  idx_webhook_delivery_open: `webhook_delivery (endpoint_id, next_attempt_at, id) ${OPEN}`,
  idx_webhook_delivery_due: `webhook_delivery (next_attempt_at) ${OPEN}`,
  // The log of an organisation, and of one endpoint.
  idx_webhook_delivery_by_creation: 'webhook_delivery (tenant_id, created_at, id)',
  idx_webhook_delivery_of_endpoint: 'webhook_delivery (endpoint_id, created_at, id)',
  idx_webhook_delivery_event_id: 'webhook_delivery (event_id)',
  // Retention, and the lists of the back office.
  idx_webhook_delivery_of_all_by_creation: 'webhook_delivery (created_at, id)',
  idx_webhook_event_by_creation: 'webhook_event (created_at)',
  idx_webhook_event_tenant_id: 'webhook_event (tenant_id)',
  idx_webhook_endpoint_of_all_by_creation: 'webhook_endpoint (created_at, id)',
  idx_webhook_endpoint_of_all_by_url: 'webhook_endpoint ((lower(url) COLLATE "C"), id)',
  idx_webhook_endpoint_of_tenant: 'webhook_endpoint (tenant_id, created_at, id)',
  idx_webhook_endpoint_deleted:
    'webhook_endpoint (created_at, id) WHERE NOT is_active OR deleted_at IS NOT NULL',
};

const SEEN_BY_STAFF = {
  webhook_endpoint: ` (id, created_at, created_by, updated_at, updated_by, is_active, deleted_at,
    deleted_by, tenant_id, url, description, events, previous_secret_until, disabled_at, disabled_reason,
    failing_since, failures, notices, version)`,
  webhook_delivery: ` (id, tenant_id, endpoint_id, event_id, type, state, attempts, created_at,
    next_attempt_at, attempted_at, status, failure, duration_ms)`,
};
