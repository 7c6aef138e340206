import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
import { Injectable } from '@nestjs/common';

/** The addresses of a name, as the operating system resolves it. */
@Injectable()
export class HostLookup {
  all(host: string): Promise<LookupAddress[]> {
    return lookup(host, { all: true, verbatim: true });
  }
}
