import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Policies ask for the organisation and the actor in a subquery: PostgreSQL then asks once a statement
 * and compares, where it otherwise reads the setting for every row it looks at.
 */
export class AskTheContextOnce1790000084000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const [table, policy, condition] of POLICIES) {
      await runner.query(`ALTER POLICY ${policy} ON ${table} USING (${condition(ONCE)})`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const [table, policy, condition] of POLICIES) {
      await runner.query(`ALTER POLICY ${policy} ON ${table} USING (${condition(EACH)})`);
    }
  }
}

interface Context {
  tenant: string;
  actor: string;
}

const EACH: Context = { tenant: 'app_tenant_id()', actor: 'app_actor_id()' };
const ONCE: Context = { tenant: '(SELECT app_tenant_id())', actor: '(SELECT app_actor_id())' };

const ofTenant = ({ tenant }: Context) => `tenant_id = ${tenant}`;
const ofActor = ({ actor }: Context) => `user_id = ${actor}`;

const POLICIES: Array<[table: string, policy: string, condition: (context: Context) => string]> = [
  ['api_key', 'tenant_rows', ofTenant],
  ['invitation', 'tenant_rows', ofTenant],
  ['project', 'tenant_rows', ofTenant],
  ['tenant_export', 'tenant_rows', ofTenant],
  ['audit_entry', 'tenant_reads', ofTenant],
  ['tenant', 'own_tenant', ({ tenant }) => `id = ${tenant}`],
  ['session', 'own', ofActor],
  ['user_token', 'own', ofActor],
  ['user_profile', 'own_and_tenant', (context) => `${ofActor(context)} OR ${ofTenant(context)}`],
  [
    'users',
    'own_and_tenant',
    ({ actor }) =>
      `id = ${actor} OR EXISTS (SELECT FROM user_profile p WHERE p.user_id = users.id)`,
  ],
];
