import { defineFeature } from '../core/features/feature.js';
import { rowActions, rowColumns } from '../core/features/row-declarations.js';
import { ProjectsModule } from './projects.module.js';
import { ProjectsService } from './projects.service.js';
import { memberName, memberIds } from '../members/member-name.js';

/** The list, in the navigation and where rows are found by typing. */
const LIST = { href: '/projects/', icon: 'folder', text: 'projects.nav', position: 20 } as const;
const NEW = { href: '/projects/new/', icon: 'plus', text: 'projects.dashboard_action' } as const;
const DUE = {
  ...{ table: 'project', title: 'name', day: 'due_date', member: 'owner_id' },
  done: ['status', 'done'],
} as const;

/** Projects: the example module. */
export const projects = defineFeature({
  name: 'projects',
  module: ProjectsModule,
  tables: {
    project: { kind: 'tenant', grants: { staff: ['select'], samples: ['select', 'delete'] } },
  },
  permissions: {
    'projects:read': { roles: ['admin', 'member'] },
    'projects:write': { roles: ['admin', 'member'] },
  },
  audit: {
    kinds: { projects: { icon: 'folder', position: 50 } },
    actions: rowActions('project', 'projects'),
    fields: {
      name: 'plain',
      description: 'plain',
      status: { words: 'projects.statuses' },
      due_date: 'plain',
      owner_id: { titleOf: memberName, idsOf: memberIds },
    },
  },
  limits: { projects: { free: 5, reached: 'projects.errors.limit_reached' } },
  exportParts: {
    projects: {
      text: 'projects.data_part',
      table: 'project',
      columns: rowColumns('name', 'description', 'status', 'due_date', 'owner_id'),
    },
  },
  demo: () => import('./projects.demo.js'),
  flags: { projects: { default: true, description: 'projects.flags.projects' } },
  nav: [{ ...LIST, section: 'projects', flag: 'projects', group: 'main', isInDock: true }],
  search: { projects: { ...LIST, source: ProjectsService } },
  sampleData: {
    project: { ...LIST, title: 'name', rows: () => import('./projects.sample-data.js') },
  },
  subjects: { project: { ...LIST, title: 'name', has: ['comments', 'attachments'] } },
  agenda: [{ ...LIST, ...DUE, sort: 'due' }],
  dashboardActions: [
    { ...NEW, position: 10, flag: 'projects', opensForm: true, firstOf: 'project' },
  ],
});
