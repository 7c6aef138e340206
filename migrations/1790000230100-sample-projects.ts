import type { MigrationInterface, QueryRunner } from 'typeorm';
import { keepSamples, letSamplesGo } from './support/sampled-table.v1.js';

/** Sample projects can be taken away again. */
export class SampleProjects1790000230100 implements MigrationInterface {
  up(runner: QueryRunner): Promise<void> {
    return letSamplesGo(runner, 'project');
  }

  down(runner: QueryRunner): Promise<void> {
    return keepSamples(runner, 'project');
  }
}
