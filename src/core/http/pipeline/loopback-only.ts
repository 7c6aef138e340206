import { BlockList } from 'node:net';
import { NotFoundException, UseGuards, type CanActivate } from '@nestjs/common';
import type { Request } from 'express';

/** The route answers 404 to anybody but a browser on the same machine. */
export const LoopbackOnly = () => UseGuards(loopbackOnly);

const loopbackOnly: CanActivate = {
  canActivate(context) {
    if (isLoopback(context.switchToHttp().getRequest<Request>())) return true;
    throw new NotFoundException();
  },
};

/**
 * Whether a request came from this machine directly: from a loopback address, for a loopback host name
 * (against DNS rebinding), and through no proxy. `TRUST_PROXY` does not matter.
 */
export function isLoopback(req: Request): boolean {
  return isLoopbackPeer(req) && LOOPBACK_HOST.test(req.headers.host ?? '') && !isForwarded(req);
}

/** Names below `localhost` are loopback by RFC 6761 §6.3. */
const LOOPBACK_HOST = /^(?:(?:[a-z0-9_-]+\.)*localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i;

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

function isLoopbackPeer({ socket }: Request): boolean {
  const { remoteAddress = '', remoteFamily } = socket;
  return (
    remoteFamily !== undefined &&
    LOOPBACK.check(remoteAddress, remoteFamily === 'IPv6' ? 'ipv6' : 'ipv4')
  );
}

/** Headers added by proxies (RFC 7239, RFC 9110 §7.6.3 and non-standard ones). */
const FORWARDING =
  /^(?:forwarded|via|x-forwarded(?:-.*)?|x-original-.*|x-real-ip|.*-client-ip|.*-connecting-ip)$/;

/** nginx adds no headers by default but uses HTTP/1.0 then; browsers and curl do not. */
function isForwarded({ headers, httpVersionMinor }: Request): boolean {
  return httpVersionMinor === 0 || Object.keys(headers).some((name) => FORWARDING.test(name));
}
