import { samples } from '../parts/samples.mjs';
import { Refused } from '../refused.mjs';
import {
  additionNames,
  declare,
  place,
  provide,
  requireFree,
  requireUndeclared,
} from './place.mjs';

const PERIODS = { day: 'each day', week: 'each Monday', month: 'on the first of each month' };

/** Adds a job that runs in each organisation, once per day, week or month. @throws Refused */
export async function makeJob(tree, [module, name], { singular, every = 'day', at = '7' }) {
  const names = await place(tree, module, singular);
  const { plural } = names;
  const job = additionNames(name, 'job', 'send_reminders');
  if (!(every in PERIODS)) {
    throw new Refused(`"--every=${every}" is no period: write day, week or month.`);
  }
  if (!/^\d{1,2}$/.test(at) || Number(at) > 23) {
    throw new Refused(`"--at=${at}" is no hour of the day: write 0 to 23.`);
  }
  const path = `src/${plural}/${job.kebab}.job.ts`;
  const test = `test/${plural}/${job.kebab}.test.ts`;
  requireFree(tree, path, test);
  const queue = `${names.resource}_${job.snake}`;
  requireUndeclared(tree, 'queues', queue);
  const when = { every, hour: Number(at) };
  tree.write(path, jobCode(names, job, queue, when));
  const needs = tree.read(samples.path(names)).includes('function needed(');
  tree.write(test, jobTest(names, job, needs));
  const imports = [['../core/jobs/queues.js', 'PATIENT']];
  declare(tree, names, 'queues', { name: queue, initializer: 'PATIENT', imports });
  const here = `./${job.kebab}.job.js`;
  provide(tree, names, 'providers', [`${job.Pascal}Job`, here]);
  provide(tree, names, 'imports', ['TenantsModule', '../tenants/tenants.module.js']);
}

function jobCode({ plural, Plural, variables }, { Pascal, spoken }, queue, { every, hour }) {
  const clock = `${String(hour).padStart(2, '0')}:00`;
  return `import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { UnitOfWork } from '../core/database/unit-of-work.js';
import { TenantJobs, type TenantPeriod } from '../tenants/jobs/tenant-jobs.service.js';
import { ${Plural}Repository } from './${plural}.repository.js';

declare module '../core/jobs/queues.js' {
  interface JobData {
    /** ${spoken}, in one organisation. */
    ${queue}: TenantPeriod;
  }
}

/** ${spoken}: ${PERIODS[every]} at ${clock}, in the time zone of each organisation. */
@Injectable()
export class ${Pascal}Job implements OnModuleInit {
  private readonly log = new Logger('${Plural}');

  constructor(
    private readonly ${variables}: ${Plural}Repository,
    private readonly tenantJobs: TenantJobs,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  onModuleInit(): void {
    const schedule = { every: '${every}', hour: ${hour} } as const;
    this.tenantJobs.handle('${queue}', schedule, (period) => this.run(period));
  }

  /** The work in the organisation of the job. It is one unit of work, since a run that fails is repeated. */
  run({ day }: TenantPeriod): Promise<void> {
    return this.unitOfWork.run(async () => {
      // Replace this by what is to be done. Rows of other organisations are out of reach.
      const count = await this.${variables}.count();
      this.log.log(\`${spoken} for \${day}: \${count} rows\`);
    });
  }
}
`;
}

function jobTest({ plural, resource }, { Pascal, kebab, spoken }, needs) {
  return `import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { runInContext } from '../../src/core/context/request-context.js';
import { ${Pascal}Job } from '../../src/${plural}/${kebab}.job.js';
import { startApp, type TestApp } from '../support/app.js';
import { ${needs ? 'needed, ' : ''}sent } from './${plural}.samples.js';

let atrium: TestApp;
beforeAll(async () => void (atrium = await startApp({ ROLE: 'web' })));
afterAll(() => atrium.stop());

test('${spoken.toLowerCase()} runs in one organisation, and reaches its rows alone', async () => {
  const acme = await atrium.people.adminOf('Acme', 'anna@acme.test');
  const globex = await atrium.people.adminOf('Globex', 'gus@globex.test');
  const key = await atrium.people.keyOf('Acme', ['${resource}:read', '${resource}:write']);
  const row = sent('Roof'${needs ? ', await needed(acme)' : ''});
  expect((await atrium.api().showing(key).post('/${plural}', row)).status).toBe(201);
  const log = jest.spyOn(Logger.prototype, 'log').mockImplementation(() => undefined);
  for (const { tenantId } of [acme, globex]) {
    await runInContext({ tenantId }, () =>
      atrium.app.get(${Pascal}Job).run({ day: '2026-03-02' }),
    );
  }
  const said = log.mock.calls.map(([message]) => String(message));
  log.mockRestore();
  expect(said).toEqual(['${spoken} for 2026-03-02: 1 rows', '${spoken} for 2026-03-02: 0 rows']);
});
`;
}
