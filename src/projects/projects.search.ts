import { Injectable } from '@nestjs/common';
import type { FoundRow, SearchSource } from '../core/features/search.js';
import { ProjectsService } from './projects.service.js';

/** Finds projects as their list does. */
@Injectable()
export class ProjectsSearch implements SearchSource {
  constructor(private readonly projects: ProjectsService) {}

  async find(q: string, limit: number): Promise<FoundRow[]> {
    const query = { q, status: null, sort: 'name', cursor: null, limit } as const;
    const { items } = await this.projects.list(query);
    return items.map(({ id, name }) => ({ id, href: `/projects/${id}/`, title: name }));
  }
}
