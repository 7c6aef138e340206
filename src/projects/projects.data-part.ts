import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DataParts, inBatches } from '../tenants/export/data-parts.js';
import { ProjectsRepository } from './projects.repository.js';

/** What the organisation's download holds of projects, deleted ones included. */
@Injectable()
export class ProjectsDataPart implements OnModuleInit {
  readonly name = 'projects';
  readonly columns = [
    'id',
    'name',
    'description',
    'status',
    'due_date',
    'created_at',
    'deleted_at',
  ];

  constructor(
    private readonly parts: DataParts,
    private readonly projects: ProjectsRepository,
  ) {}

  onModuleInit(): void {
    this.parts.register(this);
  }

  async *rows() {
    for await (const row of inBatches((after, limit) => this.projects.all(after, limit))) {
      const { dueDate, createdAt, deletedAt, ...rest } = row;
      yield { ...rest, due_date: dueDate, created_at: createdAt, deleted_at: deletedAt };
    }
  }
}
