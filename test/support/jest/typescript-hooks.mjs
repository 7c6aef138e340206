// TypeScript for Node's own loader, compiled by Jest's transformer (@swc/jest, kept on disk).
import { existsSync, readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

/** By the address and by the path of a module: where Jest finds the line of a failure. */
export const sourceMaps = new Map();

let root;
let transformer;

/** Compiles the TypeScript below `folder` from here on. A transformer belongs to one test file. */
export function compileWith(folder, current) {
  root ??= folder;
  transformer = current;
}

const JEST_GLOBALS = 'atrium:jest-globals';

registerHooks({
  resolve(specifier, context, next) {
    if (specifier === '@jest/globals') return { url: JEST_GLOBALS, shortCircuit: true };
    const isOurs = context.parentURL?.endsWith('.ts') && /^\.{1,2}\/.*\.js$/.test(specifier);
    if (!isOurs) return next(specifier, context);
    const url = new URL(specifier.replace(/\.js$/, '.ts'), context.parentURL);
    return existsSync(url) ? { url: url.href, shortCircuit: true } : next(specifier, context);
  },
  load(url, context, next) {
    if (url === JEST_GLOBALS) {
      const source = `const now = () => globalThis[Symbol.for('atrium.jest')];
export const jest = new Proxy({}, { get: (_, name) => now()[name] });`;
      return { format: 'module', source, shortCircuit: true };
    }
    const path = url.startsWith('file:') ? fileURLToPath(url) : '';
    if (!path.endsWith('.ts') || !path.startsWith(root)) return next(url, context);
    const { code, sourceMapPath } = transformer.transform(
      path,
      OPTIONS,
      readFileSync(path, 'utf8'),
    );
    if (sourceMapPath) sourceMaps.set(path, sourceMapPath).set(url, sourceMapPath);
    return { format: 'module', source: code, shortCircuit: true };
  },
});

const OPTIONS = {
  collectCoverage: false,
  supportsDynamicImport: true,
  supportsExportNamespaceFrom: true,
  supportsStaticESM: true,
  supportsTopLevelAwait: true,
};
