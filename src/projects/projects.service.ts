import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { AuditAction } from '../core/features/names.js';
import type { AuditChanges } from '../audit/audit-entry.entity.js';
import { AuditTrail, differences } from '../audit/audit-trail.service.js';
import type { ListPage } from '../core/database/keyset.js';
import { UnitOfWork } from '../core/database/unit-of-work.js';
import { withChanges, type Changes, type SeenVersions } from '../core/database/version.js';
import type { FoundRow, SearchSource } from '../core/features/search.js';
import { Entitlements } from '../core/entitlements/entitlements.js';
import { Project, type ProjectDetails } from './project.entity.js';
import { ProjectsRepository, type ProjectRow, type ProjectsQuery } from './projects.repository.js';
import { MemberOptions } from '../members/member-options.js';

/** Use cases of projects. Projects of other organisations are "not found". */
@Injectable()
export class ProjectsService implements OnModuleInit, SearchSource {
  constructor(
    private readonly projects: ProjectsRepository,
    private readonly audit: AuditTrail,
    private readonly entitlements: Entitlements,
    private readonly unitOfWork: UnitOfWork,
    private readonly members: MemberOptions,
  ) {}

  onModuleInit(): void {
    this.entitlements.countedBy('projects', () => this.projects.count());
  }

  list(query: ProjectsQuery): Promise<ListPage<ProjectRow>> {
    return this.projects.listed(query);
  }

  many(ids: readonly string[]): Promise<Project[]> {
    return this.unitOfWork.run(() => this.projects.many(ids));
  }

  async find(q: string, limit: number): Promise<FoundRow[]> {
    const query = { q, status: null, sort: 'name', cursor: null, limit } as const;
    const { items } = await this.projects.listed(query);
    return items.map(({ id, name }) => ({ id, href: `/projects/${id}/`, title: name }));
  }

  totals(query: ProjectsQuery) {
    return this.projects.totals(query);
  }

  /** @throws DomainError `not_found` */
  get(id: string): Promise<Project> {
    return this.unitOfWork.run(() => this.projects.get(id));
  }

  /** @throws DomainError `limit_reached` */
  create(details: ProjectDetails): Promise<Project> {
    return this.unitOfWork.run(async () => {
      await this.entitlements.requireRoom('projects');
      await this.requireChosen(details);
      const project = await this.projects.add(Project.create(details));
      await this.record('project.created', project, differences(null, details));
      return project;
    });
  }

  /** Changes the given properties. @throws DomainError `not_found`, `stale` */
  change(id: string, changes: Changes<ProjectDetails>, seen?: SeenVersions): Promise<Project> {
    return this.unitOfWork.run(async () => {
      const project = await this.projects.lock(id);
      const before = project.details;
      project.change(withChanges(before, changes), seen);
      await this.requireChosen(project.details, before);
      await this.projects.save(project);
      const changed = differences(before, project.details);
      if (changed) await this.record('project.changed', project, changed);
      return project;
    });
  }

  /** Soft deletion; `restore` undoes it. @throws DomainError `not_found`, `stale` */
  delete(id: string, seen?: SeenVersions): Promise<Project> {
    return this.unitOfWork.run(async () => {
      (await this.projects.lock(id)).requireSeen(seen);
      const project = await this.projects.softDelete(id);
      await this.record('project.deleted', project);
      return project;
    });
  }

  /** @throws DomainError `not_found`, `limit_reached` */
  restore(id: string): Promise<Project> {
    return this.unitOfWork.run(async () => {
      const project = await this.projects.lock(id, { evenDeleted: true });
      if (!project.deletedAt) return project;
      await this.entitlements.requireRoom('projects');
      await this.projects.restore(project);
      await this.record('project.restored', project);
      return project;
    });
  }

  private record(action: AuditAction, { id, name }: Project, changes: AuditChanges | null = null) {
    return this.audit.record({ action, subject: { kind: 'project', id, name }, changes });
  }

  /** What is chosen anew has to be there. @throws DomainError `invalid` */
  private async requireChosen(details: ProjectDetails, before?: ProjectDetails): Promise<void> {
    await this.members.require('owner_id', details.ownerId, before?.ownerId);
  }
}
