import { ApiProperty } from '@nestjs/swagger';
import { ListDto } from '../core/http/api/list.dto.js';
import { rowDto } from '../core/http/api/row.dto.js';
import { snakeKeys } from '../core/utils/cases.js';
import { PROJECT_STATUSES, type Project, type ProjectStatus } from './project.entity.js';
import { ProjectForm, valuesOf } from './project.forms.js';
import { presentProjectRow } from './project.presenter.js';
import type { ProjectRow } from './projects.repository.js';

/** A project in a list. */
export class ProjectSummaryDto {
  @ApiProperty({ format: 'uuid' }) id: string;
  @ApiProperty({ minLength: 1, maxLength: 120 }) name: string;
  @ApiProperty({ enum: PROJECT_STATUSES }) status: ProjectStatus;
  /** ISO 8601. */
  @ApiProperty({ type: 'string', format: 'date', nullable: true }) due_date: string | null;
  /** The id of an active member. */
  @ApiProperty({ type: 'string', format: 'uuid', nullable: true }) owner_id: string | null;
}

/** A project. */
export class ProjectDto extends rowDto(ProjectForm) {}

export class ProjectListDto extends ListDto {
  @ApiProperty({ type: [ProjectSummaryDto] }) items: ProjectSummaryDto[];
}

export function projectDto(project: Project): ProjectDto {
  const { id, details, createdAt, updatedAt } = project;
  return { id, ...valuesOf(details), created_at: createdAt, updated_at: updatedAt };
}

export function projectSummaryDto(row: ProjectRow): ProjectSummaryDto {
  const { isDeleted: _, ownerName: _ownerName, ...shown } = presentProjectRow(row);
  return snakeKeys(shown);
}
