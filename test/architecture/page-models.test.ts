import { globSync, readFileSync } from 'node:fs';
import Handlebars from 'handlebars';
import { registerViewHelpers } from '../../src/core/views/view-helpers.js';
import { declaredPages, type DeclaredPage } from './page-models/declared-pages.js';
import { templateVariables } from './page-models/template-variables.js';
import { sourceProgram } from './source-program.js';

/** What every page has besides its model. */
const ALWAYS = ['shell', 'isRefused'];
/** What the layout of the back office reads. */
const OF_LAYOUT = 'admin';
/** Pages whose view the error filter picks by the status. */
const BY_STATUS = /^errors\//;
const NO_PAGE = /^layouts\/|^mail\/|\/mail\/|(^|\/)partials\//;

const handlebars = Handlebars.create();
registerViewHelpers(handlebars, {} as Parameters<typeof registerViewHelpers>[1]);
const helpers = new Set(Object.keys(handlebars.helpers));

const views = globSync('views/**/*.hbs').map((path) => path.slice('views/'.length, -'.hbs'.length));

function textOf(view: string): string {
  return readFileSync(`views/${view}.hbs`, 'utf8');
}

function wrongIn({ where, view, properties }: DeclaredPage): string[] {
  if (view === null) return [];
  if (!views.includes(view)) return [`${where}: there is no view ${view}`];
  const known = new Set([...ALWAYS, ...properties]);
  const read = templateVariables(view, textOf, helpers);
  const missing = [...read].filter((name) => !known.has(name));
  const unread = properties.filter((name) => !read.has(name) && name !== OF_LAYOUT);
  return [
    ...missing.map((name) => `${where}: ${view} reads ${name}, which its model does not have`),
    ...unread.map((name) => `${where}: ${view} does not read ${name} of its model`),
  ];
}

const sources = sourceProgram(process.cwd());

test('every page names a view there is, and a model that has what the view reads and nothing else', () => {
  const pages = declaredPages(process.cwd(), sources);
  expect(pages.length).toBeGreaterThan(40);
  expect(pages.flatMap(wrongIn)).toEqual([]);

  const named = new Set(pages.map(({ view }) => view));
  const unnamed = views.filter((view) => !NO_PAGE.test(view) && !named.has(view));
  expect(unnamed.filter((view) => !BY_STATUS.test(view))).toEqual([]);
  const byStatus = pages.filter(({ view }) => view === null).map(({ where }) => where);
  expect(byStatus).toEqual(['src/core/http/pipeline/error.filter.ts']);
});

test('a view that is not there, and a misspelt property, are found', () => {
  const path = 'src/projects/projects.page.controller.ts';
  const source = readFileSync(path, 'utf8')
    .replace(`'projects/new'`, `'projects/knew'`)
    .replace('totals, statuses', 'totalsOnes: totals, statuses');
  const program = sourceProgram(process.cwd(), { texts: new Map([[path, source]]), of: sources });
  expect(declaredPages(process.cwd(), program).flatMap(wrongIn)).toEqual([
    `${path}: projects/list reads totals, which its model does not have`,
    `${path}: projects/list does not read totalsOnes of its model`,
    `${path}: there is no view projects/knew`,
  ]);
});
