import type { Principal } from '../context/principal.js';
import type { Action } from './admin-entity.js';
import type { Row } from './row.js';

/** The service methods that do it. */
interface Switch {
  deactivate(me: Principal, id: string): Promise<void>;
  restore(me: Principal, id: string): Promise<void>;
}

/**
 * The actions "deactivate" and "restore" of entities with `is_active`; `isOffered` restricts them to some
 * rows.
 */
export function onAndOff(
  service: () => Switch,
  isOffered: (row: Row) => boolean = () => true,
): { deactivate: Action; restore: Action } {
  return {
    deactivate: {
      icon: 'lock',
      isBulk: true,
      isDangerous: true,
      isOffered: (row) => isOffered(row) && row.is_active === true,
      run: (me, { id }) => service().deactivate(me, id),
    },
    restore: {
      icon: 'refresh',
      isBulk: true,
      isOffered: (row) => isOffered(row) && row.is_active === false,
      run: (me, { id }) => service().restore(me, id),
    },
  };
}
