import { CORE_TABLES } from '../../core/core.tables.js';
import { merged } from '../../core/features/registry.js';

/** A foreign key, by its tables. */
export interface Reference {
  child: string;
  parent: string;
}

/** Tables of organisations whose rows go with their organisation, as the features declare them. */
export function erasedTables(): string[] {
  const declared = [...Object.entries(CORE_TABLES), ...merged('tables')];
  return declared
    .filter(([name, { kind, kept }]) => kind === 'tenant' && !kept && name !== 'tenant')
    .map(([name]) => name);
}

/**
 * The tables in an order in which rows can be deleted: those that refer to others first.
 * @throws Error when tables refer to each other in a circle
 */
export function childrenFirst(
  tables: readonly string[],
  references: readonly Reference[],
): string[] {
  const sorted: string[] = [];
  const visit = (table: string, path: readonly string[]) => {
    if (sorted.includes(table)) return;
    if (path.includes(table)) throw new Error(`Tables refer to each other: ${path.join(', ')}`);
    for (const { child, parent } of references) {
      if (parent === table && child !== table && tables.includes(child)) {
        visit(child, [...path, table]);
      }
    }
    sorted.push(table);
  };
  for (const table of tables) visit(table, []);
  return sorted;
}
