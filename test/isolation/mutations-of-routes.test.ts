import { Controller, Get, Module, Param, Post } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { UnitOfWork } from '../../src/core/database/unit-of-work.js';
import { Access } from '../../src/core/http/access/access.js';
import { MembersRepository } from '../../src/members/members.repository.js';
import { startApp, type TestApp } from '../support/app.js';
import { TABLES } from '../support/tables.js';
import { proveRoutes } from './route-proof.js';

/** A flawed route: it uses ids unchecked and reads as the owner. */
@Controller('settings/api')
@Access('self')
class HastyController {
  constructor(private readonly dataSource: DataSource) {}

  @Get(':id/summary')
  async summary(@Param('id') id: string): Promise<unknown> {
    return this.dataSource.query('SELECT name FROM api_key WHERE id = $1', [id]);
  }

  @Post(':id/finish')
  async finish(@Param('id') id: string): Promise<string> {
    await this.dataSource.query(`UPDATE api_key SET last_used_at = now() WHERE id = $1`, [id]);
    return 'ok';
  }

  @Post(':id/fail')
  fail(): never {
    throw new Error('on purpose');
  }

  @Get('of/:owner')
  undeclared(): string {
    return 'ok';
  }
}

@Module({ controllers: [HastyController] })
class HastyModule {}

describe('the proof of the routes fails when', () => {
  test('a new route asks past the scope, fails, or has a parameter nobody declared', async () => {
    const problems = await problemsOf(await startApp({}, [HastyModule]));
    expect(problems).toContain('admin of B: GET /settings/api/:id/summary/: showed a row of A');
    expect(problems).toContain(
      'member of B: POST /settings/api/:id/finish/: changed rows of A in api_key',
    );
    expect(problems).toContain('POST /settings/api/:id/fail/: failed with 500');
    expect(problems).toContain('/settings/api/of/:owner is not declared');
    expect(problems).not.toContain('/settings/api/:id/revoke/');
  });

  test('a repository is bypassed', async () => {
    const atrium = await startApp();
    const repository = atrium.app.get(MembersRepository);
    const unitOfWork = atrium.app.get(UnitOfWork);
    const find = repository.find.bind(repository);
    repository.find = (id) =>
      unitOfWork.run(async () => {
        await unitOfWork.query(`SELECT set_config('role', 'none', true)`);
        await unitOfWork.query(
          `SELECT set_config('app.tenant_id', tenant_id::text, true) FROM user_profile WHERE id = $1`,
          [id],
        );
        return find(id);
      });
    const problems = await problemsOf(atrium, '/api/v1/members/');
    expect(problems).toContain('admin of B: GET /api/v1/members/:id/: showed a row of A');
  });
});

async function problemsOf(atrium: TestApp, below = '/settings/api/'): Promise<string> {
  try {
    return (await proveRoutes(atrium, TABLES, below)).problems.join('\n');
  } finally {
    await atrium.stop();
  }
}
