/** Minor units as XML Schema's `decimal`: 1250n with two digits is `12.50`. Never through a float. */
export function decimal(minor: bigint, digits: number): string {
  if (digits === 0) return minor.toString();
  const text = (minor < 0n ? -minor : minor).toString().padStart(digits + 1, '0');
  return `${minor < 0n ? '-' : ''}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}
