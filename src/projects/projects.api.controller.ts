import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Param,
  Patch,
  Post,
  Query,
  Req,
  Res,
} from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { CsvFiles } from '../core/csv/csv-files.js';
import { wantsCsv, type OrCsv } from '../core/csv/csv-exports.js';
import { RequiresFlag } from '../core/flags/flag.guard.js';
import { ifMatch, versioned, type Versioned } from '../core/http/pipeline/etag.js';
import { idParam } from '../core/http/pipeline/id-param.js';
import { located } from '../core/http/api/located.js';
import { Idempotent } from '../core/http/api/idempotency.js';
import { jsonBody, jsonPatch } from '../core/http/pipeline/json-body.js';
import { resourceOperations } from '../core/http/api/resource-operations.js';
import { camelKeys } from '../core/utils/cases.js';
import { PageQuery, readQuery, type Query as QueryString } from '../core/http/api/paging.js';
import { ProjectDto, ProjectListDto, projectDto, projectSummaryDto } from './project.dto.js';
import { PROJECT_STATUSES } from './project.entity.js';
import { ProjectForm, detailsOf } from './project.forms.js';
import { ProjectsCsvController } from './projects.csv.controller.js';
import { PROJECT_ORDERS, PROJECT_SORTS } from './projects.repository.js';
import { ProjectsService } from './projects.service.js';
import { WorksReadOnly } from '../core/entitlements/read-only.guard.js';
import { NotSensitive } from '../core/http/access/step-up.js';

const RESOURCE = { one: 'project', many: 'projects', form: ProjectForm, body: ProjectDto };
const OPERATIONS = resourceOperations({ ...RESOURCE, list: ProjectListDto });
const QUERIES = {
  q: 'Part of the name or the description',
  status: [...PROJECT_STATUSES, 'deleted'],
  sort: PROJECT_SORTS,
};

/** API routes of projects: the same service, inputs and presenter as the pages. */
@ApiTags('Projects')
@Controller('api/v1/projects')
@RequiresFlag('projects')
@NotSensitive()
export class ProjectsApiController {
  constructor(
    private readonly files: CsvFiles,
    private readonly projects: ProjectsService,
  ) {}

  @Get()
  @PageQuery()
  @OPERATIONS.list(QUERIES)
  async list(@Query() query: QueryString, @Req() req: Request): Promise<OrCsv<ProjectListDto>> {
    const asked = readQuery(query, (read) => ({
      q: read.search('q', 200),
      status: read.choice('status', [...PROJECT_STATUSES, 'deleted']),
      ...read.order(PROJECT_ORDERS, 'name'),
      limit: read.limit(),
    }));
    if (wantsCsv(req))
      return this.files.exports.forClients(ProjectsCsvController.rows, this.projects, asked);
    const { items, next } = await this.projects.list(asked);
    return { items: items.map(projectSummaryDto), next_cursor: next };
  }

  @Post()
  @OPERATIONS.create()
  @Idempotent()
  async create(
    @Body(jsonBody(ProjectForm)) body: ProjectForm,
    @Res({ passthrough: true }) res: Response,
  ): Promise<ProjectDto> {
    const project = await this.projects.create(detailsOf(body));
    return located(res, '/api/v1/projects', projectDto(project));
  }

  @Get(':id')
  @OPERATIONS.get()
  async show(@Param('id') id: string): Promise<Versioned<ProjectDto>> {
    return versioned(await this.projects.get(idParam(id)), projectDto);
  }

  @Patch(':id')
  @OPERATIONS.update()
  async update(
    @Param('id') id: string,
    @Body(jsonPatch(ProjectForm)) body: Partial<ProjectForm>,
    @Req() req: Request,
  ): Promise<Versioned<ProjectDto>> {
    const changed = await this.projects.change(idParam(id), camelKeys(body), ifMatch(req));
    return versioned(changed, projectDto);
  }

  /** Soft deletion; `restore` undoes it. */
  @Delete(':id')
  @WorksReadOnly('over_limit')
  @OPERATIONS.delete()
  @HttpCode(204)
  async delete(@Param('id') id: string, @Req() req: Request): Promise<void> {
    await this.projects.delete(idParam(id), ifMatch(req));
  }

  @Post(':id/restore')
  @OPERATIONS.restore()
  @HttpCode(200)
  async restore(@Param('id') id: string): Promise<ProjectDto> {
    return projectDto(await this.projects.restore(idParam(id)));
  }
}
