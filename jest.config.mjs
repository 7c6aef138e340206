import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

const { $schema: _, ...swc } = JSON.parse(readFileSync(new URL('.swcrc', import.meta.url), 'utf8'));

// What is about the embedded engine itself, or about the browser, holds whatever the server.
const onServer = process.env.ATRIUM_TEST_ENGINE === 'server';

/** @type {import('jest').Config} */
export default {
  testEnvironment: './test/support/jest/environment.mjs',
  runtime: '<rootDir>/test/support/jest/runtime.mjs',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  testPathIgnorePatterns: onServer ? ['/test/embedded/', '/test/browser/', '/test/deploy/'] : [],
  // The compiled copy in dist/ holds the same module names.
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/data/'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: { '^.+\\.ts$': ['@swc/jest', swc] },
  setupFiles: ['./test/support/jest-preload.ts'],
  globalSetup: './test/support/global-setup.mjs',
  globalTeardown: './test/support/global-teardown.mjs',
  // Some tests wait more than they work.
  maxWorkers: availableParallelism() + 1,
  // Module graphs of ES modules are never freed by Jest: a worker that has grown is replaced.
  workerIdleMemoryLimit: '1GB',
  // Starting an application takes seconds on an idle machine, and far longer beside other work.
  testTimeout: Number(process.env.ATRIUM_TEST_TIMEOUT ?? 60_000),
  coverageProvider: 'v8',
  collectCoverageFrom: ['src/**/*.ts'],
};
