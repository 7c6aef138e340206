import type { ListPage } from '../core/database/keyset.js';
import { listLinks } from '../core/http/pages/list-links.js';
import type { Project } from './project.entity.js';
import { PROJECT_SORTS, type ProjectRow, type ProjectsQuery } from './projects.repository.js';

/** A project, for pages and the API alike. */
export function presentProject(project: Project) {
  const { id, details, version, createdAt, updatedAt } = project;
  return { id, ...details, version, createdAt, updatedAt };
}

/** Presents a row of the list. */
export function presentProjectRow(row: ProjectRow) {
  const { key: _, createdAt: __, ...shown } = row;
  return shown;
}

/** Presents one page of the list with the addresses around it. */
export function presentProjects(query: ProjectsQuery, { items, ...page }: ListPage<ProjectRow>) {
  const projects = items.map(presentProjectRow);
  return { projects, ...listLinks('/projects/', query, PROJECT_SORTS, page) };
}
