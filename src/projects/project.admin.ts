import { Injectable } from '@nestjs/common';
import type { Principal } from '../core/context/principal.js';
import { PROJECT_STATUSES, Project } from './project.entity.js';
import { ChangeProjectForm, detailsOf } from './project.forms.js';
import { ProjectsService } from './projects.service.js';
import { AdminEntity } from '../core/back-office/admin-entity.js';
import { byWord, deletion } from '../core/back-office/entity-parts.js';
import type { Row } from '../core/back-office/row.js';
import { WithinOrganisation } from '../core/back-office/within-organisation.js';

@Injectable()
export class ProjectAdmin extends AdminEntity<Project> {
  readonly entity = Project;
  readonly path = 'projects';
  readonly group = 'customers';
  readonly icon = 'folder';
  override readonly position = 6;
  readonly title = 'name';
  readonly list = ['tenantId', 'status', 'dueDate', 'isActive', 'createdAt'] as const;
  override readonly search = 'name';
  readonly orders = {
    createdAt: { type: 'time', descending: true },
    name: { type: 'text', fold: 'app_search_text' },
  } as const;
  override readonly filters = { status: byWord('status', PROJECT_STATUSES) };
  override readonly words = { status: PROJECT_STATUSES };
  override readonly listedUnder = ['tenant'];
  override readonly hasTrail = true;

  override readonly editing = {
    form: ChangeProjectForm,
    except: ['owner_id'],
    isOffered: (row: Row) => row.deleted_at === null,
    save: (me: Principal, row: Row, input: ChangeProjectForm) =>
      this.organisations.act(me, row, () =>
        this.projects.change(row.id, detailsOf(input), [input.version]),
      ),
  };

  override readonly actions = deletion(
    (me, row) => this.organisations.act(me, row, () => this.projects.delete(row.id)),
    (me, row) => this.organisations.act(me, row, () => this.projects.restore(row.id)),
  );

  constructor(
    private readonly projects: ProjectsService,
    private readonly organisations: WithinOrganisation,
  ) {
    super();
  }
}
