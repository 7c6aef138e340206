import type { LookupAddress } from 'node:dns';
import {
  request as httpRequest,
  type ClientRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
} from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { AppConfig } from '../config/config.js';
import { BLOCKED_ADDRESSES, isBlockedAddress, socketsCheckBlockList } from './blocked-addresses.js';
import { HostLookup } from './host-lookup.js';
import { OutboundError, type AddressRefusal, type OutboundFailure } from './outbound-error.js';

export interface OutboundRequest {
  url: string;
  /** Default: POST. */
  method?: 'GET' | 'POST';
  headers?: Readonly<Record<string, string>>;
  body?: string;
  /** How much of the answer is read, in bytes (at most 64 kB); the rest is not received. Default: 2 kB. */
  maxBytes?: number;
}

export interface OutboundAnswer {
  /** Any HTTP status: a redirect is an answer like others, and is not followed. */
  status: number;
  headers: IncomingHttpHeaders;
  /** At most `maxBytes` of it. */
  body: Buffer;
}

const LONGEST_URL = 2_000;
const MOST_BYTES = 64 * 1024;

/** Names of this machine (RFC 6761 §6.3), whatever a name server says. */
const LOCALHOST = /(^|\.)localhost\.?$/;

/** How long somebody who saves an address waits for its name to be resolved, in ms. */
const LONGEST_CHECK = 2_000;

/**
 * Every request of the product to an address somebody else chose: https only, to the public Internet only, no
 * redirects, with limits on time and size. Addresses are checked when the socket connects to them, so that a name
 * cannot resolve to another one between check and use. See ADR 100.
 */
@Injectable()
export class OutboundHttp implements OnApplicationBootstrap {
  private readonly log = new Logger('Outbound');

  constructor(
    private readonly config: AppConfig,
    private readonly hosts: HostLookup,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (await socketsCheckBlockList()) return;
    this.log.warn(
      `Sockets of Node ${process.version} do not check addresses; those of names are checked when they are resolved`,
    );
  }

  /**
   * Why no request may go to this URL as far as can be told now; null: none. A name that cannot be resolved is no
   * reason, since that may pass.
   */
  async refusalOf(url: string): Promise<AddressRefusal | null> {
    const target = this.read(url);
    if (typeof target === 'string') return target;
    if (this.isInsecureHost(target) || isIP(hostOf(target)) !== 0) return null;
    const addresses = await Promise.race([
      this.hosts.all(hostOf(target)).catch(() => []),
      sleep(LONGEST_CHECK, [], { ref: false }),
    ]);
    return addresses.length > 0 && allowed(addresses).length === 0 ? 'address' : null;
  }

  /** @throws OutboundError */
  async send(message: OutboundRequest): Promise<OutboundAnswer> {
    const { url, method = 'POST', headers, body, maxBytes = 2_048 } = message;
    const target = this.read(url);
    if (typeof target === 'string') throw new OutboundError(target);
    const guard = this.isInsecureHost(target)
      ? {}
      : { lookup: this.lookup, blockList: BLOCKED_ADDRESSES };
    const request = target.protocol === 'https:' ? httpsRequest : httpRequest;
    // An agent of its own: no connection is shared, and no proxy of the environment is used.
    const options = { ...guard, method, agent: false as const, headers: { ...headers } };
    const sent = request(target, options);
    // Stays attached: a request that has been given up may fail once more.
    sent.on('error', () => undefined);
    const limit = new AbortController();
    try {
      const answer = answerTo(sent, Math.min(maxBytes, MOST_BYTES));
      sent.end(body);
      return await Promise.race([answer, this.tooLate(limit.signal)]);
    } catch (error) {
      throw error instanceof OutboundError ? error : new OutboundError(reasonOf(error), error);
    } finally {
      limit.abort();
      sent.destroy();
    }
  }

  private async tooLate(signal: AbortSignal): Promise<never> {
    await sleep(this.config.OUTBOUND_TIMEOUT_SECONDS * 1000, undefined, { signal });
    throw new OutboundError('timeout');
  }

  private read(url: string): URL | AddressRefusal {
    const target = url.length > LONGEST_URL ? null : URL.parse(url);
    // What is encoded gets longer.
    if (!target?.hostname || target.href.length > LONGEST_URL) return 'malformed';
    if (target.username || target.password) return 'user_info';
    if (this.isInsecureHost(target)) return target;
    if (target.protocol !== 'https:') return 'scheme';
    if (!this.config.OUTBOUND_PORTS.includes(target.port || '443')) return 'port';
    // The URL parser has made one notation of decimal, octal, hexadecimal and full-width ones.
    const host = hostOf(target);
    const isBlocked = isIP(host) !== 0 ? isBlockedAddress(host) : LOCALHOST.test(host);
    return isBlocked ? 'address' : target;
  }

  /** Host and port that the configuration exempts from all checks, outside production only. */
  private isInsecureHost({ protocol, host }: URL): boolean {
    const isHttp = protocol === 'http:' || protocol === 'https:';
    return (
      isHttp && !this.config.isProduction && this.config.OUTBOUND_INSECURE_HOSTS.includes(host)
    );
  }

  /** Resolves a name for a socket, which connects to what this returns: the allowed addresses. */
  private readonly lookup: LookupFunction = (host, options, callback) => {
    this.hosts.all(host).then(
      (found) => {
        const addresses = allowed(found);
        const [first] = addresses;
        if (!first) callback(new OutboundError('address'), '', 0);
        else if (options.all) callback(null, addresses);
        else callback(null, first.address, first.family);
      },
      (error: unknown) => callback(new OutboundError('unresolved', error), '', 0),
    );
  };
}

function answerTo(sent: ClientRequest, most: number): Promise<OutboundAnswer> {
  return new Promise((resolve, reject) => {
    sent.once('error', reject);
    sent.once('response', (response) => {
      const { statusCode: status = 0, headers } = response;
      readStart(response, most).then((body) => resolve({ status, headers, body }), reject);
    });
    // Another protocol (101) is no answer.
    sent.once('upgrade', (_, socket) => {
      socket.destroy();
      reject(new OutboundError('connection'));
    });
  });
}

/** Without the brackets of an IPv6 address. */
function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '');
}

function allowed(addresses: readonly LookupAddress[]): LookupAddress[] {
  return addresses.filter(({ address }) => !isBlockedAddress(address));
}

/** The first bytes of an answer; the caller then ends the connection. */
async function readStart(response: IncomingMessage, most: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    if ((size += chunk.length) >= most) break;
  }
  return Buffer.concat(chunks).subarray(0, most);
}

function reasonOf(error: unknown): OutboundFailure {
  const { code = '', cause } = error as NodeJS.ErrnoException & { cause?: unknown };
  if (code === 'ERR_IP_BLOCKED') return 'address';
  if (cause instanceof OutboundError) return cause.reason;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'unresolved';
  return /^(ERR_TLS|ERR_SSL|CERT_|UNABLE_|DEPTH_|SELF_|EPROTO)/.test(code) ? 'tls' : 'connection';
}
