import { Body, Controller, Get, Param, Post, Query, Req } from '@nestjs/common';
import type { Request } from 'express';
import { Activity } from '../audit/activity.service.js';
import { RequiresFlag } from '../core/flags/flag.guard.js';
import { May } from '../core/http/access/access.js';
import { NotSensitive } from '../core/http/access/step-up.js';
import { page, seeOther, success, type Answer, type Page } from '../core/http/pipeline/answers.js';
import { Form, formOf, submit } from '../core/http/forms/form.js';
import { changeInPlace, inPlaceOf, type InPlaceForm } from '../core/http/forms/in-place.js';
import { listLinks } from '../core/http/pages/list-links.js';
import { SubjectCards } from '../core/http/pages/subject-cards.js';
import { idParam } from '../core/http/pipeline/id-param.js';
import { PROJECT_STATUSES, type Project } from './project.entity.js';
import {
  ChangeProjectForm,
  ProjectForm,
  ProjectsFilter,
  detailsOf,
  queryOf,
  valuesOf,
} from './project.forms.js';
import { presentProject, presentProjectRow } from './project.presenter.js';
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
    const [found, totals] = await Promise.all([
      this.projects.list(query),
      this.projects.totals(query),
    ]);
    const links = listLinks('/projects/', query, PROJECT_SORTS, found);
    // The page is empty by now.
    if (query.cursor && found.items.length === 0) return seeOther(links.page.firstUrl);
    const projects = found.items.map(presentProjectRow);
    const statuses = [...PROJECT_STATUSES, 'deleted'].map((value) => ({ value }));
    return page('projects/list', { ...links, projects, totals, statuses }, SECTION);
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
  async show(@Param('id') id: string): Promise<Page> {
    const project = await this.projects.get(idParam(id));
    const model = {
      project: await this.presented(project),
      activity: await this.activity.of(project.id),
      cards: await this.cards.of('project', project.id),
    };
    return page('projects/project', model, SECTION);
  }

  @Get(':id/edit')
  @May('projects:write')
  edit(@Param('id') id: string): Promise<Page> {
    return this.editPage(idParam(id));
  }

  @Post(':id/edit')
  @May('projects:write')
  save(
    @Param('id') id: string,
    @Body(formOf(ChangeProjectForm)) form: Form<ChangeProjectForm>,
  ): Promise<Answer> {
    return submit(
      form,
      (refused) => this.editPage(idParam(id), refused),
      async (input) => {
        await this.projects.change(idParam(id), detailsOf(input), [input.version]);
        return seeOther(`/projects/${id}/`, success('projects.flash.saved'));
      },
    );
  }

  /** A field changed in place, in the list, and its undo. */
  @Post([':id/set', ':id/undo'])
  @May('projects:write')
  set(
    @Param('id') id: string,
    @Body(inPlaceOf(ChangeProjectForm, ['status'])) form: InPlaceForm,
    @Req() req: Request,
  ): Promise<Answer> {
    const row = { path: `/projects/${id}/`, id: idParam(id), rows: this.projects };
    return changeInPlace(req, form, row);
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
  private async editPage(id: string, refused?: Form<object>): Promise<Page> {
    const project = await this.projects.get(id);
    const saved = { ...valuesOf(project.details), version: String(project.version) };
    const form = refused ?? Form.blank(saved);
    const isStale = refused?.problems.some(({ key }) => key === 'projects.errors.stale') ?? false;
    const presented = await this.presented(project);
    const model = { project: presented, form, ...(await this.options(form)), isStale };
    return page('projects/edit', model, SECTION);
  }

  private async presented(project: Project) {
    const ownerName = await this.members.nameOf(project.ownerId);
    return { ...presentProject(project), ownerName };
  }

  /** What the selects of the form offer; what is chosen is among it. */
  private async options({ values }: Form<object>) {
    return { ownerIdOptions: await this.members.offered(values.owner_id) };
  }
}
