import { isIPv6 } from 'node:net';

/**
 * The address that limits count. IPv6 addresses count by /64, which one customer usually has (RFC 6177 §2,
 * RFC 4291 §2.5.1); an IPv4-mapped address (RFC 4291 §2.5.5.2) counts as IPv4.
 */
export function limitedAddress(address: string | null): string {
  if (!address) return 'unknown';
  const plain = unmapped(address);
  if (!isIPv6(plain)) return plain;
  return `${groupsOf(plain).slice(0, 4).join(':')}::/64`;
}

/** `192.0.2.1` for `::ffff:192.0.2.1`, as dual-stack sockets report it; others unchanged. */
export function unmapped(address: string): string {
  if (!isIPv6(address)) return address;
  const groups = groupsOf(address);
  if (groups.slice(0, 6).join() !== '0,0,0,0,0,ffff') return address;
  return groups
    .slice(6)
    .map((group) => parseInt(group, 16))
    .flatMap((bits) => [bits >> 8, bits & 255])
    .join('.');
}

/** The eight groups, in hexadecimal without leading zeros (RFC 5952 §4.1). */
function groupsOf(address: string): string[] {
  const { hostname } = new URL(`http://[${address.replace(/%.*$/, '')}]`);
  const [head = [], tail = []] = hostname
    .slice(1, -1)
    .split('::')
    .map((part) => part.split(':').filter(Boolean));
  return [...head, ...Array<string>(8 - head.length - tail.length).fill('0'), ...tail];
}
