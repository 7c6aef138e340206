import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

const { $schema: _, ...swc } = JSON.parse(readFileSync(new URL('.swcrc', import.meta.url), 'utf8'));

// What is about the embedded engine itself, the browser, or a copy of the project holds whatever the server, but for
// what the modules in a copy do.
const onServer = process.env.ATRIUM_TEST_ENGINE === 'server';
const ON_SERVER = 'generated-on-server';

/** @type {import('jest').Config} */
export default {
  testEnvironment: './test/support/jest/environment.mjs',
  runtime: '<rootDir>/test/support/jest/runtime.mjs',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  testPathIgnorePatterns: onServer
    ? [`/test/adopters/(?!${ON_SERVER})`, '/test/pglite-wire/', '/test/browser/', '/test/deploy/']
    : [`/test/adopters/${ON_SERVER}`],
  // The compiled copy in dist/ holds the same module names.
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/data/'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: { '^.+\\.ts$': ['@swc/jest', swc] },
  testSequencer: './test/support/jest/sequencer.mjs',
  globalSetup: './test/support/global-setup.mjs',
  globalTeardown: './test/support/global-teardown.mjs',
  // One more takes 14 % longer on the embedded engine and 4 % on a server (two cores): each compiles the code again.
  maxWorkers: Math.max(2, availableParallelism()),
  // The memory of the embedded engine is freed late: a worker that has grown is replaced.
  workerIdleMemoryLimit: '1GB',
  // So many times as long where the machine is slow: test/support/global-setup.mjs.
  testTimeout: 60_000,
};
