import { Global, Module } from '@nestjs/common';
import { HostLookup } from './host-lookup.js';
import { OutboundHttp } from './outbound-http.js';

/** Requests to addresses that somebody else chose. */
@Global()
@Module({ providers: [HostLookup, OutboundHttp], exports: [OutboundHttp] })
export class OutboundModule {}
