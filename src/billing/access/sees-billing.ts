import type { Principal } from '../../core/context/principal.js';
import { may } from '../../core/http/access/require-permission.js';

/** Whether this person may see prices and invoices. Staff who act on behalf reach nothing of billing. */
export function seesBilling(me: Principal): boolean {
  return may(me, 'billing:read') && !me.impersonator;
}
