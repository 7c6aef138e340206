import { Injectable } from '@nestjs/common';
import type { AuditAction } from '../core/features/names.js';
import type { AuditChanges } from '../audit/audit-entry.entity.js';
import { AuditTrail, differences } from '../audit/audit-trail.service.js';
import type { ListPage } from '../core/database/keyset.js';
import type { Precondition } from '../core/database/precondition.js';
import { UnitOfWork } from '../core/database/unit-of-work.js';
import { Project, type ProjectDetails } from './project.entity.js';
import { ProjectsRepository, type ProjectRow, type ProjectsQuery } from './projects.repository.js';

/** Use cases of projects. Projects of other organisations are "not found". */
@Injectable()
export class ProjectsService {
  constructor(
    private readonly projects: ProjectsRepository,
    private readonly audit: AuditTrail,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  list(query: ProjectsQuery): Promise<ListPage<ProjectRow>> {
    return this.projects.listed(query);
  }

  async hasDeleted(): Promise<boolean> {
    const deleted = { q: null, status: 'deleted', sort: 'name', cursor: null, limit: 1 } as const;
    return (await this.projects.listed(deleted)).items.length > 0;
  }

  /** @throws DomainError `not_found` */
  get(id: string): Promise<Project> {
    return this.unitOfWork.run(() => this.projects.get(id));
  }

  create(details: ProjectDetails): Promise<Project> {
    return this.unitOfWork.run(async () => {
      const project = await this.projects.add(Project.plan(details));
      await this.record('project.created', project, differences(null, details));
      return project;
    });
  }

  /** @throws DomainError `not_found`, or `conflict` when changed since version `seen` */
  change(id: string, details: ProjectDetails, seen: number): Promise<Project> {
    return this.unitOfWork.run(async () => {
      const project = await this.projects.lock(id);
      const changes = differences(project.details, details);
      project.change(details, seen);
      await this.projects.save(project);
      if (changes) await this.record('project.changed', project, changes);
      return project;
    });
  }

  /** Changes the given properties. @throws DomainError `not_found`, or as `precondition` */
  patch(
    id: string,
    changes: Partial<ProjectDetails>,
    precondition?: Precondition,
  ): Promise<Project> {
    return this.unitOfWork.run(async () => {
      const project = await this.projects.lock(id);
      await precondition?.();
      return this.change(id, { ...project.details, ...changes }, project.version);
    });
  }

  /** Soft deletion; `restore` undoes it. @throws DomainError `not_found`, or as `precondition` */
  delete(id: string, precondition?: Precondition): Promise<Project> {
    return this.unitOfWork.run(async () => {
      await this.projects.lock(id);
      await precondition?.();
      const project = await this.projects.softDelete(id);
      await this.record('project.deleted', project);
      return project;
    });
  }

  /** @throws DomainError `not_found` */
  restore(id: string): Promise<Project> {
    return this.unitOfWork.run(async () => {
      const project = await this.projects.lock(id, { evenDeleted: true });
      if (!project.deletedAt) return project;
      await this.projects.restore(project);
      await this.record('project.restored', project);
      return project;
    });
  }

  private record(action: AuditAction, { id, name }: Project, changes: AuditChanges | null = null) {
    return this.audit.record({ action, subject: { kind: 'project', id, name }, changes });
  }
}
