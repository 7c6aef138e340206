/** How the trail names a person: as they call themselves, else by the address, masked. */
export function nameOf({ displayName, email }: { displayName: string | null; email: string }) {
  return displayName ?? mask(email);
}

/** `p…@acme.com` for an address, `p…` for any other personal text: enough to recognise, not to learn. */
export function mask(text: string): string;
export function mask(text: string | null): string | null;
export function mask(text: string | null): string | null {
  if (!text) return text;
  const at = text.lastIndexOf('@');
  const [first = ''] = text;
  return at > 0 ? `${first}…${text.slice(at)}` : `${first}…`;
}
