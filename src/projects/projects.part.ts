import { Injectable } from '@nestjs/common';
import {
  inBatches,
  TenantData,
  type DataRow,
  type TenantDataPart,
} from '../tenants/tenant-data.js';
import { ProjectsRepository } from './projects.repository.js';

/** Projects as an organisation takes them home, the deleted ones included. */
@Injectable()
export class ProjectsPart implements TenantDataPart {
  readonly name = 'projects';
  readonly columns = [
    'id',
    'name',
    'description',
    'status',
    'due_date',
    'created_at',
    'updated_at',
    'deleted_at',
  ];

  constructor(
    private readonly projects: ProjectsRepository,
    data: TenantData,
  ) {
    data.add(this);
  }

  rows(): AsyncIterable<DataRow> {
    return inBatches<DataRow>((last) => this.projects.batch(last?.id as string | undefined));
  }
}
