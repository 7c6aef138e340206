import { PgBoss } from 'pg-boss';
import { DATABASE_ROLES } from '../database/privileged/database-roles.js';
import type { Owner } from '../database/schema/migrate.js';
import { queues } from './declared-queues.js';
import { DEAD_LETTERS, DEAD_LETTER_QUEUE } from './queues.js';

/** Step after the migrations, as the owner: creates the job engine's tables, queues and grants. */
export async function prepareJobTables(owner: Owner): Promise<void> {
  const boss = new PgBoss({
    db: { executeSql: async (text, values) => ({ rows: await owner.run(text, values) }) },
    supervise: false,
    schedule: false,
    persistWarnings: false,
  });
  const problems: unknown[] = [];
  boss.on('error', (error) => problems.push(error));
  await boss.start();
  try {
    const known = new Set((await boss.getQueues()).map((queue) => queue.name));
    // The dead-letter queue first, as the others refer to it.
    const wanted = new Map([[DEAD_LETTERS, DEAD_LETTER_QUEUE], ...queues()]);
    for (const [name, options] of wanted) {
      // The engine refuses a policy, even the same one, once a queue exists.
      const { policy: _, ...changeable } = options;
      if (known.has(name)) await boss.updateQueue(name, changeable);
      else await boss.createQueue(name, options);
    }
  } finally {
    await boss.stop({ graceful: false });
  }
  if (problems.length > 0) throw new AggregateError(problems, 'The job tables could not be made');
  const { outbox, billing, staff, erasure } = DATABASE_ROLES;
  await owner.run(`GRANT USAGE ON SCHEMA pgboss TO ${outbox}, ${billing}, ${staff}, ${erasure}`);
  // Jobs of an organisation go with it.
  await owner.run(`GRANT SELECT, DELETE ON pgboss.job TO ${erasure}`);
  await owner.run(`GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA pgboss TO ${outbox}`);
  // Its ledger and the job are written in one statement, which has one role: `JobQueue.enqueueWith`.
  await owner.run(`GRANT SELECT ON pgboss.queue TO ${billing}`);
  await owner.run(`GRANT INSERT ON pgboss.job, pgboss.job_common TO ${billing}`);
  await owner.run(`GRANT SELECT (id) ON pgboss.job, pgboss.job_common TO ${billing}`);
  // The engine moves jobs between the partitioned table and its partitions.
  await owner.run(`GRANT SELECT ON pgboss.queue TO ${DATABASE_ROLES.staff}`);
  await owner.run(
    `GRANT SELECT, INSERT, UPDATE, DELETE ON pgboss.job, pgboss.job_common TO ${DATABASE_ROLES.staff}`,
  );
}
