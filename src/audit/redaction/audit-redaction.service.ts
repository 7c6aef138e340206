import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import { AuditRedactionRepository } from './audit-redaction.repository.js';
import { AuditTrail } from '../audit-trail.service.js';

/**
 * Removes what is personal from the trail of an organisation that is being erased. What happened and when stays, with
 * the hash of each entry as it was written: the chain still holds, and a missing or added entry still shows.
 */
@Injectable()
export class AuditRedaction {
  constructor(
    private readonly entries: AuditRedactionRepository,
    private readonly trail: AuditTrail,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /**
   * Redacts all entries that are there, each batch in a unit of work of its own: `step` is called in it with the
   * number. After an interruption it goes on where it was.
   */
  async redact(step: (entries: number) => Promise<void>): Promise<void> {
    let after: string | null = '0';
    while (after !== null) {
      const from: string = after;
      after = await this.unitOfWork.run(async () => {
        await this.entries.mark('running');
        const done = await this.entries.redact(from);
        if (done) await step(done.count);
        return done?.last ?? null;
      });
    }
  }

  /**
   * In the last unit of work of the erasure: redacts what came meanwhile, writes the last entry, and ends the chain.
   * Returns the number of entries that were redacted.
   */
  async finish(): Promise<number> {
    // Holds the chain until the unit of work ends: nobody appends meanwhile.
    await this.entries.mark('running');
    let redacted = 0;
    for (let after: string | null = '0'; after !== null;) {
      const done = await this.entries.redact(after);
      redacted += done?.count ?? 0;
      after = done?.last ?? null;
    }
    await this.trail.record({
      action: 'tenant.erased',
      subject: { kind: 'tenant', id: null, name: null },
    });
    await this.entries.mark('done');
    return redacted;
  }
}
