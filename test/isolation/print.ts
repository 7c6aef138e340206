import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ENGINE } from '../support/database.js';
import { OPEN } from './route-declarations.js';
import { ACTORS, type Attempt } from './route-proof.js';
import type { Cell } from './table-proof.js';

/** `npm run prove:isolation` names a folder for what was checked; otherwise nothing is written. */
const FOLDER = process.env.ATRIUM_PROOF_FOLDER;

const SIGNS = { refused: 'x', nothing: '.', own: 'o', all: '*' };

export function printTables(cells: Cell[], problems: string[]): void {
  const names = [...new Set(cells.map(({ table }) => table))].sort();
  const roles = [...new Set(cells.map(({ role }) => role))];
  const lines = [
    `Tables on the ${ENGINE} engine: ${cells.length} combinations`,
    'four signs each: select, insert, update, delete; without an organisation, in A, in B',
    'x refused   . met no row   o own rows only   * rows of all, as declared   ! must not be',
    '',
    `${''.padEnd(24)} ${roles.map((role) => role.padEnd(19)).join('')}`.trimEnd(),
    `${''.padEnd(24)} ${roles.map(() => 'none  A     B      ').join('')}`.trimEnd(),
    ...names.map((name) => {
      const row = roles.map((role) => {
        const inRole = cells.filter((cell) => cell.table === name && cell.role === role);
        return [null, 'A', 'B'].map((scope) => signs(inRole, scope)).join('  ');
      });
      return `${name.padEnd(24)} ${row.join('   ')}`;
    }),
  ];
  print('1-tables', lines, problems);
}

function signs(cells: Cell[], scope: string | null): string {
  return cells
    .filter((cell) => cell.scope === scope)
    .map(({ reach, problem }) => (problem ? '!' : SIGNS[reach]))
    .join('');
}

function print(name: string, lines: string[], problems: string[]): void {
  if (!FOLDER) return;
  const verdict =
    problems.length === 0 ? ['It holds.'] : ['It does NOT hold:', ...problems.map((p) => `  ${p}`)];
  writeFileSync(join(FOLDER, `${ENGINE}-${name}.txt`), [...lines, '', ...verdict, ''].join('\n'));
}

export function printRoutes(attempts: Attempt[], problems: string[]): void {
  const routes = [...new Set(attempts.map(({ route }) => route))];
  const lines = [
    `Routes on the ${ENGINE} engine: ${routes.length} routes, ${attempts.length} requests with ids of organisation A`,
    'the status each got; no row of A was shown and none was changed   ! must not be',
    '',
    `${''.padEnd(48)}${ACTORS.map((actor) => actor.padEnd(13)).join('')}`,
    ...routes.map((route) => {
      const row = ACTORS.map((actor) => {
        const attempt = attempts.find((each) => each.route === route && each.actor === actor);
        return `${attempt?.status ?? '-'}${attempt?.problem ? ' !' : ''}`.padEnd(13);
      });
      return `${route.method.padEnd(7)}${route.path.padEnd(41)}${row.join('')}`.trimEnd();
    }),
    '',
    ...Object.entries(OPEN).map(([path, why]) => `${path}… is open: ${why}`),
  ];
  print('2-routes', lines, problems);
}
