import { CORE_TABLES } from '../../src/core/core.tables.js';
import type { TableDeclaration, TableKind } from '../../src/core/features/feature.js';
import { merged } from '../../src/core/features/registry.js';
import '../../src/features.js';

/** Every table that is declared, by the platform or by a feature; `pgboss.*` stands for many. */
export const DECLARED_TABLES: ReadonlyMap<string, TableDeclaration> = new Map([
  ...Object.entries(CORE_TABLES),
  ...merged('tables'),
]);

/** What every table of the schema `public` holds. A new one fails the build until its feature says so. */
export const TABLES: Record<string, TableKind> = Object.fromEntries(
  [...DECLARED_TABLES]
    .filter(([name]) => !name.includes('.'))
    .map(([name, { kind }]) => [name, kind]),
);
