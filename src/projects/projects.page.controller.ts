import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { Activity } from '../audit/activity.service.js';
import { RequiresFlag } from '../core/flags/flag.guard.js';
import { May } from '../core/http/access/access.js';
import { NotSensitive } from '../core/http/access/step-up.js';
import { page, seeOther, success, type Answer, type Page } from '../core/http/pipeline/answers.js';
import { Form, formOf, submit } from '../core/http/forms/form.js';
import { SubjectCards } from '../core/http/pages/subject-cards.js';
import { idParam } from '../core/http/pipeline/id-param.js';
import { PROJECT_STATUSES } from './project.entity.js';
import {
  ChangeProjectForm,
  ProjectForm,
  ProjectsFilter,
  detailsOf,
  queryOf,
  valuesOf,
} from './project.forms.js';
import { presentProject, presentProjects } from './project.presenter.js';
import { PROJECT_SORTS } from './projects.repository.js';
import { ProjectsService } from './projects.service.js';
import { WorksReadOnly } from '../core/entitlements/read-only.guard.js';
import { MemberOptions } from '../members/member-options.js';

const SECTION = { section: 'projects' };

@Controller('projects')
@May('projects:read')
@RequiresFlag('projects')
@NotSensitive()
export class ProjectsPageController {
  constructor(
    private readonly projects: ProjectsService,
    private readonly activity: Activity,
    private readonly cards: SubjectCards,
    private readonly members: MemberOptions,
  ) {}

  @Get()
  async list(@Query(formOf(ProjectsFilter)) { input }: Form<ProjectsFilter>): Promise<Answer> {
    const query = queryOf(input);
    const found = await this.projects.list(query);
    const presented = presentProjects(query, found);
    // The page is empty by now.
    if (query.cursor && found.items.length === 0) return seeOther(presented.page.firstUrl);
    const isEmpty = !presented.isFiltered && found.items.length === 0;
    const model = {
      ...presented,
      hasDeleted: isEmpty && (await this.projects.hasDeleted()),
      filter: Form.blank({ q: query.q, status: query.status, sort: query.sort }),
      statuses: [...PROJECT_STATUSES, 'deleted'].map((value) => ({ value })),
      sorts: PROJECT_SORTS.map((value) => ({ value })),
    };
    return page('projects/list', model, SECTION);
  }

  @Get('new')
  @May('projects:write')
  blank(): Promise<Page> {
    return this.newPage(Form.blank({ status: 'planned' }));
  }

  @Post('new')
  @May('projects:write')
  create(@Body(formOf(ProjectForm)) form: Form<ProjectForm>): Promise<Answer> {
    return submit(
      form,
      (refused) => this.newPage(refused),
      async (input) => {
        const { id } = await this.projects.create(detailsOf(input));
        return seeOther(`/projects/${id}/`, success('projects.flash.created'));
      },
    );
  }

  @Get(':id')
  show(@Param('id') id: string): Promise<Page> {
    return this.projectPage(idParam(id));
  }

  @Post(':id')
  @May('projects:write')
  save(
    @Param('id') id: string,
    @Body(formOf(ChangeProjectForm)) form: Form<ChangeProjectForm>,
  ): Promise<Answer> {
    return submit(
      form,
      (refused) => this.projectPage(idParam(id), refused),
      async (input) => {
        await this.projects.change(idParam(id), detailsOf(input), [input.version]);
        return seeOther(`/projects/${id}/`, success('projects.flash.saved'));
      },
    );
  }

  @Post(':id/delete')
  @May('projects:write')
  @WorksReadOnly('over_limit')
  async delete(@Param('id') id: string): Promise<Answer> {
    const { name } = await this.projects.delete(idParam(id));
    const undo = `/projects/${id}/restore/`;
    return seeOther('/projects/', { ...success('projects.flash.deleted', { name }), undo });
  }

  @Post(':id/restore')
  @May('projects:write')
  async restore(@Param('id') id: string): Promise<Answer> {
    const { name } = await this.projects.restore(idParam(id));
    return seeOther(`/projects/${id}/`, success('projects.flash.restored', { name }));
  }

  private async newPage(form: Form<object>): Promise<Page> {
    return page('projects/new', { form, ...(await this.options(form)) }, SECTION);
  }

  /** With a refused form: the typed values, and after a version conflict the saved ones beside them. */
  private async projectPage(id: string, refused?: Form<object>): Promise<Page> {
    const project = await this.projects.get(id);
    const saved = { ...valuesOf(project.details), version: String(project.version) };
    const form = refused ?? Form.blank(saved);
    const model = {
      project: {
        ...presentProject(project),
        ownerName: await this.members.nameOf(project.ownerId),
      },
      form,
      ...(await this.options(form)),
      activity: await this.activity.of(id),
      cards: await this.cards.of('project', id),
      isStale: refused?.problems.some(({ key }) => key === 'projects.errors.stale') ?? false,
    };
    return page('projects/project', model, SECTION);
  }

  /** What the selects of the form offer; what is chosen is among it. */
  private async options({ values }: Form<object>) {
    return {
      ownerIdOptions: await this.members.offered(values.owner_id),
    };
  }
}
