import { Controller, Get, Module, Param, Post } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { UnitOfWork } from '../../src/core/database/unit-of-work.js';
import { Access } from '../../src/core/http/access/access.js';
import { Project } from '../../src/projects/project.entity.js';
import { ProjectsRepository } from '../../src/projects/projects.repository.js';
import { startApp, type TestApp } from '../support/app.js';
import { TABLES } from '../support/tables.js';
import { proveRoutes } from './route-proof.js';

/** A flawed route: it uses ids unchecked and reads as the owner. */
@Controller('projects')
@Access('self')
class HastyController {
  constructor(private readonly dataSource: DataSource) {}

  @Get(':id/summary')
  async summary(@Param('id') id: string): Promise<unknown> {
    return this.dataSource.query('SELECT name FROM project WHERE id = $1', [id]);
  }

  @Post(':id/finish')
  async finish(@Param('id') id: string): Promise<string> {
    await this.dataSource.query(`UPDATE project SET status = 'done' WHERE id = $1`, [id]);
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
    expect(problems).toContain('admin of B: GET /projects/:id/summary/: showed a row of A');
    expect(problems).toContain(
      'member of B: POST /projects/:id/finish/: changed rows of A in project',
    );
    expect(problems).toContain('POST /projects/:id/fail/: failed with 500');
    expect(problems).toContain('/projects/of/:owner is not declared');
    expect(problems).not.toContain('/projects/:id/delete/');
  });

  test('a repository is bypassed', async () => {
    const atrium = await startApp();
    const repository = atrium.app.get(ProjectsRepository);
    const unitOfWork = atrium.app.get(UnitOfWork);
    repository.get = async (id) => {
      await unitOfWork.query(`SELECT set_config('role', 'none', true)`);
      return unitOfWork.manager.findOneByOrFail(Project, { id });
    };
    const problems = await problemsOf(atrium);
    expect(problems).toContain('member of B: GET /projects/:id/: showed a row of A');
    expect(problems).not.toContain('/projects/:id/delete/');
  });
});

async function problemsOf(atrium: TestApp): Promise<string> {
  try {
    return (await proveRoutes(atrium, TABLES, '/projects/')).problems.join('\n');
  } finally {
    await atrium.stop();
  }
}
