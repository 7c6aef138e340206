import { DomainError } from './domain-error.js';

/** Refused to staff who act on somebody's behalf. Its page says why, and how to be oneself again. */
export class ImpersonationRefusal extends DomainError {
  constructor(readonly reason: 'read_only' | 'out_of_reach' | 'admin_role') {
    super('forbidden', `errors.on_behalf.${reason}`);
  }
}
