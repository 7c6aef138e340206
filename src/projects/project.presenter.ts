import type { Project } from './project.entity.js';
import type { ProjectRow } from './projects.repository.js';

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
