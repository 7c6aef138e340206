import type { Principal } from '../../core/context/principal.js';

/** Where somebody begins: staff who belong to no organisation in the back office, everybody else in the product. */
export function homeOf({ isStaff, tenantId }: Pick<Principal, 'isStaff' | 'tenantId'>): string {
  return isStaff && tenantId === null ? '/admin/' : '/dashboard/';
}
