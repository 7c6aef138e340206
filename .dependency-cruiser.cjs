// Who may import whom:
//   core (nothing of ours) ← audit ← tenants ← users, projects, flags ← places
// The files directly in src/ put the application together and may import everything.
const nouns = ['tenants', 'users', 'projects', 'flags'];
const siblings = ['users', 'projects', 'flags'];
const places = ['auth', 'onboarding', 'settings', 'pages', 'admin', 'api', 'health'];
// Folders that, like the files directly in src/, put the application together.
const composition = ['commands'];
const rooms = ['core', 'audit', ...nouns, ...places];

const room = (...names) => `^src/(${names.join('|')})/`;
const others = (...names) => `^src/(?!(${names.join('|')})/)`;

/** The rooms that these rooms may import; every other file of ours is out of bounds. */
function mayImport(name, from, allowed, comment) {
  return {
    name,
    comment,
    severity: 'error',
    from: { path: room(...from) },
    to: { path: others(...from.slice(0, 1), ...allowed) },
  };
}

/** Only these files may import this package. */
function onlyIn(name, packages, files, comment) {
  return {
    name,
    comment,
    severity: 'error',
    from: { path: '^src/', pathNot: files },
    to: { path: `^node_modules/(@types/)?(${packages})(/|$)` },
  };
}

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    mayImport('core-knows-nobody', ['core'], [], 'core imports nothing of ours.'),
    mayImport('audit-on-core', ['audit'], ['core'], 'audit imports core only.'),
    mayImport('tenants-on-audit', ['tenants'], ['core', 'audit'], 'tenants: core and audit only.'),
    ...siblings.map((noun) =>
      mayImport(
        `${noun}-on-tenants`,
        [noun],
        ['core', 'audit', 'tenants'],
        'A noun imports core, audit and tenants. It asks another noun through an interface in tenants.',
      ),
    ),
    ...places.map((place) =>
      mayImport(
        `${place}-on-nouns`,
        [place],
        ['core', 'audit', ...nouns],
        'A place imports nouns, never another place.',
      ),
    ),
    {
      name: 'known-rooms',
      comment:
        'A new room is declared in .dependency-cruiser.cjs, so that its neighbours are decided.',
      severity: 'error',
      from: { path: `^src/(?!(${[...rooms, ...composition].join('|')})/)[^/]+/` },
      to: {},
    },
    {
      name: 'modules-of-places',
      comment: 'Only app.module.ts puts places together.',
      severity: 'error',
      from: { path: '^src/[^/]+/' },
      to: { path: `^src/(${places.join('|')})/[^/]+\\.module\\.ts$` },
    },
    {
      name: 'migrations-stand-alone',
      comment:
        'A migration does the same for ever: what several share is in migrations/support, by version, and never changes.',
      severity: 'error',
      from: { path: '^migrations/' },
      to: { path: '^src/' },
    },
    {
      name: 'no-cycles',
      comment: 'A cycle, types included, means that two files are one, or that a third is missing.',
      severity: 'error',
      from: { pathNot: '\\.entity\\.ts$' },
      to: { circular: true },
    },
    {
      name: 'no-cycles-of-entities',
      comment: 'Two entities may name each other, but only as types (the relation takes a string).',
      severity: 'error',
      from: { path: '\\.entity\\.ts$' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-barrels',
      comment: 'No index.ts: the import names the file that holds the thing.',
      severity: 'error',
      from: { path: '(^|/)index\\.ts$' },
      to: {},
    },
    {
      name: 'no-barrels-imported',
      comment: 'No index.ts: the import names the file that holds the thing.',
      severity: 'error',
      from: {},
      to: { path: '(^|/)index\\.ts$', pathNot: '^node_modules/' },
    },
    onlyIn(
      'typeorm-in-repositories',
      'typeorm',
      '\\.(entity|repository)\\.ts$|^src/core/database/',
      "TypeORM's API is used in entities, repositories and core/database.",
    ),
    onlyIn(
      'typeorm-module-in-modules',
      '@nestjs/typeorm',
      '\\.(module|repository)\\.ts$|^src/core/database/',
      'TypeORM is wired in modules and repositories.',
    ),
    onlyIn(
      'drivers-in-core-database',
      'pg|@electric-sql/pglite',
      '^src/core/database/',
      'A query beside the unit of work has no tenant: only core/database holds connections.',
    ),
    {
      name: 'raw-sql-for-the-queue',
      comment:
        'SQL outside of any unit of work has no tenant and no role: the job engine is the only one to run it.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/core/(database|jobs)/' },
      to: {
        path: '^src/core/database/raw-sql\\.ts$',
        dependencyTypesNot: ['type-only'],
      },
    },
    onlyIn('queue-in-core-jobs', 'pg-boss', '^src/core/jobs/', 'Jobs are sent through core/jobs.'),
    {
      name: 'known-packages',
      comment:
        'src/ imports what package.json lists under "dependencies"; types may be of the others.',
      severity: 'error',
      from: { path: '^(src|migrations)/' },
      to: {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'],
        dependencyTypesNot: ['type-only', 'npm'],
      },
    },
    {
      name: 'resolvable',
      comment: 'The imported file or package does not exist.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: '(^|/)(node_modules|test)/' },
    exclude: { path: '^src/metadata\\.ts$' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json', '.d.ts'],
    },
  },
};
