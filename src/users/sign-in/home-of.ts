import type { Principal } from '../../core/context/principal.js';

/** The first page: the back office for staff without an organisation, else the product. */
export function homeOf({ isStaff, tenantId }: Pick<Principal, 'isStaff' | 'tenantId'>): string {
  return isStaff && tenantId === null ? '/admin/' : '/dashboard/';
}
