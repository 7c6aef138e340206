import { AuditTrail } from '../audit/audit-trail.service.js';
import type { BrokenChain } from '../audit/audit.repository.js';
import { CheckFailed } from '../exit-on-error.js';
import { withApplication } from './application.js';

/** `audit-verify`: reports the first break of each chain of the audit trail. */
export async function auditVerify(): Promise<void> {
  await withApplication(async (app) => {
    const { entries, chains, broken } = await app.get(AuditTrail).verify();
    if (broken.length > 0) {
      throw new CheckFailed(`The audit trail is broken.\n${broken.map(sentenceOf).join('\n')}`);
    }
    console.log(`The audit trail is unbroken: ${entries} entries in ${chains} chains.`);
  });
}

function sentenceOf({ tenantId, chain, position, problem }: BrokenChain): string {
  const whose = tenantId ? `organisation ${tenantId}` : `the operator (chain ${chain})`;
  return `Entry ${position} of ${whose} ${PROBLEMS[problem]}.`;
}

const PROBLEMS: Record<BrokenChain['problem'], string> = {
  missing: 'is missing',
  altered: 'was changed after it was written',
  unlinked: 'does not follow the entry before it: one of the two was changed',
  unheaded: 'was not written by the application',
};
