import { nameOf } from '../../audit/mask.js';
import { currentContext, runInContext } from '../../core/context/request-context.js';

/**
 * Runs what staff or a job do in an organisation: its rows are in reach, and no others. The audit trail names
 * whoever caused it.
 */
export function inOrganisation<T>(tenantId: string, work: () => Promise<T>): Promise<T> {
  const { principal, actorName, ...context } = currentContext();
  const name = actorName ?? (principal && nameOf(principal));
  return runInContext({ ...context, apiKey: null, actorName: name, tenantId }, work);
}
