import { Injectable } from '@nestjs/common';
import type { ListPage } from '../core/database/keyset.js';
import { UnitOfWork } from '../core/database/unit-of-work.js';
import { Project, type ProjectDetails } from './project.entity.js';
import { ProjectsRepository, type ProjectRow, type ProjectsQuery } from './projects.repository.js';

/** What members do with the projects of their organisation. Someone else's project does not exist. */
@Injectable()
export class ProjectsService {
  constructor(
    private readonly projects: ProjectsRepository,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  list(query: ProjectsQuery): Promise<ListPage<ProjectRow>> {
    return this.projects.listed(query);
  }

  /** @throws DomainError `not_found` */
  get(id: string): Promise<Project> {
    return this.unitOfWork.run(() => this.projects.get(id));
  }

  create(details: ProjectDetails): Promise<Project> {
    return this.unitOfWork.run(() => this.projects.add(Project.plan(details)));
  }

  /** @throws DomainError `not_found`, or `conflict` when it was changed after version `seen` */
  change(id: string, details: ProjectDetails, seen: number): Promise<Project> {
    return this.unitOfWork.run(async () => {
      const project = await this.projects.lock(id);
      project.change(details, seen);
      return this.projects.save(project);
    });
  }

  /** Can be taken back with `restore`. @throws DomainError `not_found` */
  delete(id: string): Promise<Project> {
    return this.unitOfWork.run(() => this.projects.softDelete(id));
  }

  /** @throws DomainError `not_found` */
  restore(id: string): Promise<Project> {
    return this.unitOfWork.run(() => this.projects.restore(id));
  }
}
