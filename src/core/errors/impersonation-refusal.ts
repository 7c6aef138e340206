import { DomainError } from './domain-error.js';

/** Refused during impersonation. Its page says why, and how to end it. */
export class ImpersonationRefusal extends DomainError {
  constructor(readonly reason: 'read_only' | 'out_of_reach' | 'admin_role') {
    super('forbidden', `errors.on_behalf.${reason}`);
  }
}
