// Runs test files as Node runs the application: Node itself loads the modules, once per worker, where
// Jest would load them once per file into a context of `node:vm`. Loading some 900 modules took more
// than a second of each file, and code the engine has just met runs several times slower. No test
// replaces a module (`jest.mock`), which is what the contexts are for.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
// As the application's own first import.
import 'reflect-metadata';
import Runtime from 'jest-runtime';
import { compileWith, sourceMaps } from './typescript-hooks.mjs';

const require = createRequire(import.meta.url);

export default class NativeRuntime extends Runtime {
  constructor(config, environment, resolver, transformer, ...others) {
    super(config, environment, resolver, transformer, ...others);
    compileWith(config.rootDir, transformer);
    environment.beforeTeardown(() => this.restoreAllMocks());
  }

  /** Jest's own modules; the state of its test framework is of one file, so that one is loaded anew. */
  requireInternalModule(from, to) {
    if (to) return super.requireInternalModule(from, to);
    if (from.includes('jest-circus')) delete require.cache[from];
    return require(from);
  }

  unstable_shouldLoadAsEsm() {
    return true;
  }

  async unstable_importModule(path) {
    return import(pathToFileURL(path).href);
  }

  getSourceMaps() {
    return sourceMaps;
  }

  setGlobalsForRuntime(globals) {
    super.setGlobalsForRuntime(globals);
    this._environment.global[Symbol.for('atrium.jest')] = this.jestGlobals.jestObjectFor(
      this._testPath,
    );
  }
}
