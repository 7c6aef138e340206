import type { Principal } from '../context/principal.js';
import type { Row } from './row.js';

type Act = (me: Principal, row: Row) => Promise<unknown>;

/** The actions by which staff delete rows softly and take that back; `remove` and `restore` do it. */
export function deletion(remove: Act, restore: Act) {
  return {
    delete: {
      icon: 'trash',
      isBulk: true,
      isDangerous: true,
      isOffered: (row: Row) => row.deleted_at === null,
      run: async (me: Principal, row: Row) => void (await remove(me, row)),
    },
    restore: {
      icon: 'refresh',
      isBulk: true,
      isOffered: (row: Row) => row.deleted_at !== null,
      run: async (me: Principal, row: Row) => void (await restore(me, row)),
    },
  } as const;
}

/** Filters of a list by the words of a column, each with its SQL condition. */
export function byWord(column: string, words: readonly string[]): Record<string, string> {
  return Object.fromEntries(words.map((word) => [word, `r.${column} = '${word}'`]));
}
