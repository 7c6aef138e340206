import { BlockList } from 'node:net';
import { NotFoundException, UseGuards, type CanActivate } from '@nestjs/common';
import type { Request } from 'express';

/** For other visitors than a browser on this very machine the route does not exist. */
export const LoopbackOnly = () => UseGuards(loopbackOnly);

const loopbackOnly: CanActivate = {
  canActivate(context) {
    if (isLoopback(context.switchToHttp().getRequest<Request>())) return true;
    throw new NotFoundException();
  },
};

/**
 * Whether a request came from this machine straight to this process: from a loopback address, for a
 * loopback name (another one may point here by DNS rebinding), and through no proxy. What the
 * configuration says about trusted proxies does not count.
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

/** What proxies add (RFC 7239, RFC 9110 §7.6.3 and their own names for it). */
const FORWARDING =
  /^(?:forwarded|via|x-forwarded(?:-.*)?|x-original-.*|x-real-ip|.*-client-ip|.*-connecting-ip)$/;

/** nginx adds nothing unless it is told to, but speaks HTTP/1.0 then; browsers and curl do not. */
function isForwarded({ headers, httpVersionMinor }: Request): boolean {
  return httpVersionMinor === 0 || Object.keys(headers).some((name) => FORWARDING.test(name));
}
