import type { LookupAddress } from 'node:dns';
import { Resolver } from 'node:dns/promises';
import { Injectable } from '@nestjs/common';

/** How long each question to a name server waits for its answer, in ms, and how often it is asked. */
const PATIENCE = { timeout: 1_000, tries: 2 };

/**
 * The public addresses of a name, by a resolver of its own: that of the operating system reads files of this machine,
 * and occupies the few threads of the process while a name server does not answer.
 */
@Injectable()
export class HostLookup {
  protected readonly resolver = new Resolver(PATIENCE);

  /** @throws Error when the name has no address, or no name server answers */
  async all(host: string): Promise<LookupAddress[]> {
    const [ipv4, ipv6] = await Promise.allSettled([
      this.resolver.resolve4(host),
      this.resolver.resolve6(host),
    ]);
    if (ipv4.status === 'rejected' && ipv6.status === 'rejected') throw ipv4.reason;
    return [...addresses(ipv4, 4), ...addresses(ipv6, 6)];
  }
}

function addresses(found: PromiseSettledResult<string[]>, family: 4 | 6): LookupAddress[] {
  return found.status === 'rejected' ? [] : found.value.map((address) => ({ address, family }));
}
