import type { ListPage } from '../core/database/keyset.js';
import { pathWith } from '../core/http/pages/path-with.js';
import type { Project } from './project.entity.js';
import type { ProjectRow, ProjectsQuery } from './projects.repository.js';

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

/** Presents one page of the list with the paths of the previous and next one. */
export function presentProjects(
  query: ProjectsQuery,
  { items, previous, next }: ListPage<ProjectRow>,
) {
  const { q, status } = query;
  return {
    projects: items.map(presentProjectRow),
    isFiltered: q !== null || status !== null,
    exportUrl: listPath(query, undefined, '/projects/export.csv'),
    page: {
      previousUrl: previous && listPath(query, previous),
      nextUrl: next && listPath(query, next),
    },
  };
}

/** Path of the list with this query, on its first page or the one of a cursor. */
export function listPath(query: ProjectsQuery, cursor?: string, path = '/projects/'): string {
  const { q, status, sort } = query;
  return pathWith(path, { q, status, sort: sort === 'name' ? null : sort, page: cursor });
}
