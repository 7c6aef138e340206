import { readFileSync } from 'node:fs';

// Who may import whom: core ← the features, in the order of src/features.ts.
// The files directly in src/ put the application together and may import everything.
/** The folders of the features in their order: each imports core and those before it. */
const features = (() => {
  const source = readFileSync(new URL('src/features.ts', import.meta.url), 'utf8');
  const imported = [...source.matchAll(/import \{ (\w+) \} from '\.\/([\w-]+)\/\2\.feature\.js'/g)];
  const folders = new Map(imported.map(([, name, folder]) => [name, folder]));
  const list = /const FEATURES = \[([^\]]*)\]/.exec(source)?.[1] ?? '';
  return [...list.matchAll(/^\s*(\w+),$/gm)].map(([, name]) => folders.get(name));
})();
if (features.length === 0 || features.includes(undefined)) {
  throw new Error('The features could not be read from src/features.ts');
}

/** Who may act as which privileged role (`core/database/privileged`). */
const POWER = {
  identity: [
    '^src/(users|impersonation)/',
    '^src/core/http/security/rate-limit\\.repository\\.ts$',
    '^src/api-keys/api-keys\\.(repository|service)\\.ts$',
    '^src/passkeys/passkey(s|-sign-in)\\.service\\.ts$',
    '^src/second-factor/factors\\.service\\.ts$',
    '^src/profile/account\\.service\\.ts$',
    '^src/members/(departures|members|administration/(user|member)-administration|invitations/acceptance)\\.service\\.ts$',
    '^src/members/(invitations|invitation-links)/(invitations|invitation-links)\\.repository\\.ts$',
  ],
  outbox: ['^src/core/(jobs|mail)/'],
  idempotency: ['^src/core/http/api/idempotency\\.repository\\.ts$'],
  audit: [
    '^src/audit/',
    '^src/passkeys/passkey-sign-in\\.service\\.ts$',
    '^src/users/second-factors/second-factor-sign-in\\.service\\.ts$',
    '^src/users/sign-in/sign-in\\.service\\.ts$',
  ],
  flags: ['^src/flags/'],
  staff: [
    '^src/core/(back-office|jobs)/',
    '^src/(admin|members/administration)/',
    '^src/billing/figures/',
    '^src/second-factor/figures/',
    '^src/audit/activity\\.service\\.ts$',
  ],
  retention: [
    '^src/users/(profiles|sessions/retention)\\.repository\\.ts$',
    '^src/audit/audit-retention\\.repository\\.ts$',
    '^src/billing/notifications/events-retention\\.ts$',
    '^src/tenants/(tenants|export/tenant-exports)\\.repository\\.ts$',
    '^src/webhooks/webhook-retention\\.repository\\.ts$',
    '^src/attachments/attachments\\.repository\\.ts$',
    '^src/core/csv/row-imports\\.repository\\.ts$',
    '^src/notifications/notification-retention\\.repository\\.ts$',
  ],
  billing: ['^src/billing/'],
  webhooks: ['^src/webhooks/'],
  notifications: ['^src/notifications/'],
  schedule: ['^src/tenants/jobs/'],
  samples: ['^src/sample-data/sample-data\\.repository\\.ts$'],
  erasure: [
    '^src/closure/',
    '^src/core/jobs/',
    '^src/audit/redaction/',
    '^src/users/membership-release\\.service\\.ts$',
    '^src/billing/closing/',
  ],
};

/**
 * Features use another feature's services; these use a repository of `users`, `reference` or `members` in
 * the same unit of work. The list may only become shorter.
 */
const OTHERS_REPOSITORIES = [
  '^src/tenants/tenants\\.service\\.ts$',
  '^src/members/(members|memberships|departures)\\.service\\.ts$',
  '^src/members/(administration/(user|member)-administration|invitations/acceptance)\\.service\\.ts$',
  '^src/passkeys/passkey(s|-sign-in|-proofs)\\.service\\.ts$',
  '^src/profile/(account|profiles)\\.service\\.ts$',
  '^src/profile/sessions\\.api\\.controller\\.ts$',
  '^src/profile/onboarding/suggestions\\.service\\.ts$',
  '^src/impersonation/impersonation\\.(service|repository)\\.ts$',
  '^src/dashboard/dashboard\\.page\\.controller\\.ts$',
  '^src/second-factor/(factors\\.service|recovery-code\\.factor)\\.ts$',
];

// Folders that, like the files directly in src/, put the application together.
const composition = ['commands'];

/** Modules of Node by which something is sent or received; each file with its reason. */
const NETWORK = {
  '^src/core/outbound/': 'requests to addresses that somebody else chose',
  '^src/core/http/pipeline/loopback-only\\.ts$': 'compares addresses',
  '^src/core/http/security/(client-info|limited-address)\\.ts$': 'read addresses',
  '^src/core/http/pipeline/operation\\.ts$': 'names of statuses',
  '^src/core/telemetry/metrics-server\\.ts$': 'listens on METRICS_PORT',
  '^src/core/database/': 'connects to the database of the configuration',
  '^src/pglite-wire/': 'serves the embedded database',
};

/** Packages of this repository: a folder that could be published as it is, and its public file. */
const packages = ['pglite-wire'];

const folder = (...names) => `^src/(${names.join('|')})/`;
const others = (...names) => `^src/(?!(${names.join('|')})/)`;

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
export default {
  forbidden: [
    {
      name: 'core-imports-no-feature',
      comment: 'core is the platform: it imports nothing else of ours but packages.',
      severity: 'error',
      from: { path: folder('core') },
      to: { path: others('core', ...packages) },
    },
    {
      name: 'packages-stand-alone',
      comment: 'A package imports nothing of the product.',
      severity: 'error',
      from: { path: '^src/(' + packages.join('|') + ')/' },
      to: { path: '^(src|migrations)/', pathNot: '^src/$1/' },
    },
    {
      name: 'packages-by-their-public-file',
      comment: 'The product imports of a package the file that is named as it, and nothing else.',
      severity: 'error',
      from: { path: '^(src|migrations)/', pathNot: folder(...packages) },
      to: { path: '^src/(' + packages.join('|') + ')/', pathNot: '^src/([^/]+)/\\1\\.ts$' },
    },
    {
      name: 'pglite-wire-in-core-database',
      comment: 'The database is opened in core/database; the files in src/ know its errors.',
      severity: 'error',
      from: { path: '^src/[^/]+/', pathNot: '^src/(core/database|pglite-wire)/' },
      to: { path: folder('pglite-wire') },
    },
    {
      name: 'pglite-wire-needs-pglite-only',
      comment: 'The package depends on PGlite and on Node.',
      severity: 'error',
      from: { path: folder('pglite-wire') },
      to: { path: '^node_modules/', pathNot: '^node_modules/(@electric-sql/pglite|@types/node)/' },
    },
    ...features.map((feature, index) => ({
      name: `${feature}-imports-earlier-features`,
      comment: `${feature} imports core and the features before it in src/features.ts.`,
      severity: 'error',
      from: { path: folder(feature) },
      to: { path: others('core', ...features.slice(0, index + 1)) },
    })),
    {
      name: 'own-pages-and-forms',
      comment: 'Controllers, forms and back-office entries of a feature are its own.',
      severity: 'error',
      from: { path: '^src/(?!core/)([^/]+)/' },
      to: {
        path: '\\.(page\\.controller|api\\.controller|admin|forms)\\.ts$',
        pathNot: '^src/($1|core)/',
      },
    },
    {
      name: 'own-repositories',
      comment:
        "A feature uses another feature's service, entity or presenter: a repository is its own.",
      severity: 'error',
      from: {
        path: `^src/(?!(?:core|${composition.join('|')})/)([^/]+)/`,
        pathNot: OTHERS_REPOSITORIES,
      },
      to: { path: '\\.repository\\.ts$', pathNot: '^src/($1|core)/' },
    },
    {
      name: 'known-features',
      comment:
        'A folder of src is core, commands, a package, or a feature listed in src/features.ts.',
      severity: 'error',
      from: {
        path: `^src/(?!(${['core', ...features, ...composition, ...packages].join('|')})/)[^/]+/`,
      },
      to: {},
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
      'stripe-in-its-adapter',
      'stripe',
      '^src/billing/stripe/',
      'Features speak to PaymentProvider; the SDK of Stripe is known to its adapter only.',
    ),
    onlyIn(
      'drivers-in-core-database',
      'pg|@electric-sql/pglite',
      '^src/(core/database|pglite-wire)/',
      'A query beside the unit of work has no tenant: only core/database holds connections.',
    ),
    {
      name: 'raw-sql-for-the-queue',
      comment:
        'SQL outside of any unit of work has no tenant and no role: the job engine is the only one to run it.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/core/(database|jobs)/' },
      to: {
        path: '^src/core/database/privileged/raw-sql\\.ts$',
        dependencyTypesNot: ['type-only'],
      },
    },
    ...Object.entries(POWER).map(([role, users]) => ({
      name: `${role}-role`,
      comment:
        'A privileged role is imported by those whose work needs it: each is listed in POWER.',
      severity: 'error',
      from: { path: '^(src|migrations)/', pathNot: ['^src/core/database/privileged/', ...users] },
      to: { path: `^src/core/database/privileged/${role}\\.role\\.ts$` },
    })),
    {
      name: 'no-new-power',
      comment: 'Privileged roles are made in core/database/privileged.',
      severity: 'error',
      from: { path: '^(src|migrations)/', pathNot: '^src/core/database/privileged/' },
      to: {
        path: '^src/core/database/privileged/privileged-roles?\\.ts$',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'requests-by-outbound-http',
      comment:
        'Requests to addresses somebody else chose are sent by core/outbound; who else uses the network is listed in NETWORK.',
      severity: 'error',
      from: { path: '^src/', pathNot: Object.keys(NETWORK) },
      to: {
        path: '^(node:)?(https?|http2|net|tls|dns|dgram)(/promises)?$',
        dependencyTypes: ['core'],
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
