import {
  ChoiceField,
  OptionalDateField,
  OptionalMultilineField,
  TextField,
  VersionField,
} from '../core/http/forms/fields.js';
import { ListFilter } from '../core/http/forms/list-filter.js';
import { ChoiceHintField } from '../core/http/forms/value-fields.js';
import { camelKeys, snakeKeys } from '../core/utils/cases.js';
import { PROJECT_STATUSES, type ProjectDetails, type ProjectStatus } from './project.entity.js';
import { PROJECT_SORTS, type ProjectSort, type ProjectsQuery } from './projects.repository.js';
import { MemberField } from '../members/member-field.js';

/** `POST /projects/new/`, and the body of `POST /api/v1/projects`. */
export class ProjectForm {
  @TextField({ max: 120 }) name: string;
  @OptionalMultilineField({ max: 2_000 }) description: string | null = null;
  @ChoiceField(PROJECT_STATUSES, { optional: true }) status: ProjectStatus = 'planned';
  /** ISO 8601, `2026-02-28`. */
  @OptionalDateField() due_date: string | null = null;
  /** The id of an active member. */
  @MemberField({ optional: true }) owner_id: string | null = null;
}

/** `POST /projects/<id>/`; `version`: the version the form was filled in from. */
export class ChangeProjectForm extends ProjectForm {
  @VersionField() version: number = 0;
}

export function detailsOf(form: ProjectForm & { version?: number }) {
  const { version: _, ...values } = form;
  return camelKeys(values) satisfies ProjectDetails;
}

/** What a form or the API calls the fields of a project. */
export function valuesOf(details: ProjectDetails) {
  return snakeKeys(details);
}

/** Query of `GET /projects/`; invalid values are ignored. */
export class ProjectsFilter extends ListFilter {
  @ChoiceHintField([...PROJECT_STATUSES, 'deleted']) status?: ProjectsQuery['status'];
  @ChoiceHintField(PROJECT_SORTS) sort?: ProjectSort;
}

export function queryOf(filter: ProjectsFilter): ProjectsQuery {
  const { q, status = null, sort = 'name', page = null } = filter;
  return { q: q?.trim() || null, status, sort, cursor: page };
}
