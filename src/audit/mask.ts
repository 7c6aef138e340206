/** The name of a person in the trail: display name, else the masked address. */
export function nameOf({ displayName, email }: { displayName: string | null; email: string }) {
  return displayName ?? mask(email);
}

/** Masks personal text: `p…@acme.com` for an address, `p…` for anything else. */
export function mask(text: string): string;
export function mask(text: string | null): string | null;
export function mask(text: string | null): string | null {
  if (!text) return text;
  const at = text.lastIndexOf('@');
  const [first = ''] = text;
  return at > 0 ? `${first}…${text.slice(at)}` : `${first}…`;
}
