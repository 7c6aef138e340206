/**
 * Masks secrets: of a link everything after the first path segment, and any text long enough to be a token
 * (43 characters). Nobody, superusers included, can take a single-use link out of the back office and become
 * somebody else without a trace.
 */
export function maskText(text: string): string {
  return text
    .replace(/(https?:\/\/[^\s/"'<>]+\/[\w-]*)[/?#][^\s"'<>]+/g, '$1/…')
    .replace(/[\w-]{40,}/g, '…');
}

/** Masks every string of a JSON value. */
export function maskJson(value: unknown): unknown {
  if (typeof value === 'string') return maskText(value);
  if (Array.isArray(value)) return value.map(maskJson);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, maskJson(each)]));
}
