import { BlockList, connect, isIP } from 'node:net';

/** IPv4 ranges that are not on the public Internet (IANA special-purpose registry, RFC 6890). */
const IPV4 = [
  '0.0.0.0/8', // this host
  '10.0.0.0/8', // private
  '100.64.0.0/10', // carrier-grade NAT
  '127.0.0.0/8', // loopback
  '169.254.0.0/16', // link-local, with the metadata services of clouds
  '172.16.0.0/12', // private
  '192.0.0.0/24', // protocol assignments
  '192.0.2.0/24', // documentation
  '192.88.99.0/24', // 6to4 relays
  '192.168.0.0/16', // private
  '198.18.0.0/15', // benchmarks
  '198.51.100.0/24', // documentation
  '203.0.113.0/24', // documentation
  '224.0.0.0/4', // multicast
  '240.0.0.0/4', // reserved, with broadcast
];

/** IPv6 ranges that are not on the public Internet, or lead to an IPv4 address that is not checked. */
const IPV6 = [
  '::/96', // unspecified, loopback and IPv4-compatible
  '64:ff9b::/96', // NAT64
  '64:ff9b:1::/48', // local NAT64
  '100::/64', // discard
  '2001::/23', // protocol assignments, with Teredo (2001::/32) and ORCHID
  '2001:db8::/32', // documentation
  '2002::/16', // 6to4
  '3fff::/20', // documentation
  '5f00::/16', // segment routing
  'fc00::/7', // unique local
  'fe80::/10', // link-local
  'fec0::/10', // site-local
  'ff00::/8', // multicast
];

/** Node compares IPv4-mapped addresses (`::ffff:10.0.0.1`) with the IPv4 ranges. */
export const BLOCKED_ADDRESSES = blockListOf(IPV4, IPV6);

/** A rule for these would match every IPv4 address too, so that they have a list of their own. */
const MAPPED = blockListOf([], ['::ffff:0:0/96', '::ffff:0:0:0/96']);

/**
 * Whether no request may go to this address (the text of an IPv4 or IPv6 address, without brackets or zone). What is no
 * address is blocked.
 */
export function isBlockedAddress(address: string): boolean {
  const version = isIP(address);
  if (version === 0 || address.includes('%')) return true;
  const family = version === 6 ? 'ipv6' : 'ipv4';
  return (
    BLOCKED_ADDRESSES.check(address, family) || (version === 6 && MAPPED.check(address, family))
  );
}

/** Whether sockets of this version of Node check the option `blockList`: those of Node 20 ignore it silently. */
export function socketsCheckBlockList(): Promise<boolean> {
  const options = { host: '127.0.0.1', port: 9, blockList: BLOCKED_ADDRESSES };
  return new Promise((resolve) => {
    const socket = connect(options)
      .once('connect', () => resolve(false))
      .once('error', ({ code }: NodeJS.ErrnoException) => resolve(code === 'ERR_IP_BLOCKED'));
    socket.once('close', () => resolve(false)).setTimeout(1_000, () => socket.destroy());
  });
}

function blockListOf(ipv4: readonly string[], ipv6: readonly string[]): BlockList {
  const list = new BlockList();
  for (const [family, ranges] of [
    ['ipv4', ipv4],
    ['ipv6', ipv6],
  ] as const) {
    for (const range of ranges) {
      const [network = '', prefix] = range.split('/');
      list.addSubnet(network, Number(prefix), family);
    }
  }
  return list;
}
