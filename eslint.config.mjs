import tseslint from 'typescript-eslint';

/** oxlint has the rules that need no types; here is what only types, or our own layers, can tell. */
const typeAware = {
  '@typescript-eslint/await-thenable': 'error',
  '@typescript-eslint/no-array-delete': 'error',
  '@typescript-eslint/no-base-to-string': 'error',
  '@typescript-eslint/no-floating-promises': 'error',
  '@typescript-eslint/no-for-in-array': 'error',
  '@typescript-eslint/no-implied-eval': 'error',
  '@typescript-eslint/no-misused-promises': 'error',
  '@typescript-eslint/no-misused-spread': ['error', { allow: ['string'] }],
  '@typescript-eslint/no-unnecessary-type-assertion': 'error',
  '@typescript-eslint/no-unsafe-argument': 'error',
  '@typescript-eslint/no-unsafe-call': 'error',
  '@typescript-eslint/no-unsafe-return': 'error',
  '@typescript-eslint/no-unsafe-unary-minus': 'error',
  '@typescript-eslint/prefer-promise-reject-errors': 'error',
  '@typescript-eslint/restrict-plus-operands': 'error',
  '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
  '@typescript-eslint/return-await': ['error', 'in-try-catch'],
  '@typescript-eslint/switch-exhaustiveness-check': [
    'error',
    { considerDefaultExhaustiveForUnions: true },
  ],
};

const upTooFar = {
  regex: '^(\\.\\./){3}',
  message: 'Too far away: import from the same folder, or move what is shared to a common parent.',
};

const barrel = {
  regex: '(^|/)index\\.js$',
  message: 'No barrels: import the file that holds it.',
};

const http = [
  {
    regex: '^(express|@nestjs/platform-express|cookie-parser|multer|helmet|node:https?)($|/)',
    message: 'Entities, repositories and services know no HTTP: that is the controller.',
  },
  {
    regex: '^@nestjs/common$',
    importNamePattern:
      '(Exception|Controller)$|^(Http(Status|Code)|Re[qs](uest)?|Response|Next|Body|Query|Param|Headers|Ip|Cookies|Get|Post|Put|Patch|Delete|All|Redirect|Render|UseGuards|UploadedFiles?)$',
    message: 'Refuse with DomainError; routes and HTTP status belong to controllers and filters.',
  },
];

function restrictedImports(...patterns) {
  return { 'no-restricted-imports': ['error', { patterns: [upTooFar, barrel, ...patterns] }] };
}

export default [
  { ignores: ['dist/', 'public/', 'data/', 'coverage/', 'src/metadata.ts', '**/*.d.ts'] },
  {
    files: ['**/*.ts'],
    languageOptions: {
      parser: tseslint.parser,
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    // Comments that switch off a rule may be meant for oxlint.
    linterOptions: { reportUnusedDisableDirectives: 'off' },
    plugins: { '@typescript-eslint': tseslint.plugin },
    rules: { ...typeAware, ...restrictedImports() },
  },
  {
    files: ['src/**/*.ts', 'migrations/**/*.ts'],
    rules: { '@typescript-eslint/no-explicit-any': 'error' },
  },
  {
    // 150 is what to aim at; a file this long has several things to say.
    files: ['src/**/*.ts', 'migrations/**/*.ts', 'assets/**/*.ts'],
    ignores: ['src/core/i18n/text-keys.ts'],
    rules: { 'max-lines': ['error', 300] },
  },
  {
    // The addresses of these are the operator's, or our own. Others are asked through core/outbound.
    files: ['src/**/*.ts'],
    ignores: [
      'src/billing/tax/vies.ts',
      'src/billing/sandbox/sandbox-delivery.ts',
      'src/core/telemetry/error-reporter.ts',
      'src/users/passwords/breached-passwords.ts',
    ],
    rules: {
      'no-restricted-globals': [
        'error',
        { name: 'fetch', message: 'Requests to addresses somebody else chose: OutboundHttp.' },
      ],
    },
  },
  {
    files: ['src/**/*.{entity,repository,service}.ts'],
    ignores: ['src/core/http/**', 'src/core/views/**'],
    rules: restrictedImports(...http),
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/core/config/**', 'src/main.ts', 'src/commands.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        {
          object: 'process',
          property: 'env',
          message: 'Configuration is read and validated once, in src/core/config.',
        },
      ],
    },
  },
  {
    // Answers of supertest and of raw SQL are any: what they hold is what the test is about.
    files: ['test/**/*.ts'],
    rules: {
      // Tests mirror the folders of src.
      'no-restricted-imports': ['error', { patterns: [barrel] }],
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
];
