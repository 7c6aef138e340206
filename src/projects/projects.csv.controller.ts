import { Controller } from '@nestjs/common';
import { csvPages } from '../core/csv/csv-pages.js';
import { RequiresFlag } from '../core/flags/flag.guard.js';
import { May } from '../core/http/access/access.js';
import { NotSensitive } from '../core/http/access/step-up.js';
import { ProjectForm, ProjectsFilter, queryOf } from './project.forms.js';
import { ProjectsService } from './projects.service.js';

const ROWS = { feature: 'projects', form: ProjectForm, source: ProjectsService };

/** CSV files of projects: what the list shows, and new ones from a file. */
@Controller('projects')
@May('projects:read')
@RequiresFlag('projects')
@NotSensitive()
export class ProjectsCsvController extends csvPages(ROWS, ProjectsFilter, queryOf) {}
