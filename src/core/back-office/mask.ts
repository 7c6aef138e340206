/**
 * Blots out what opens something: of a link everything after the first word of its path, and whatever is
 * long enough to be a token of ours (43 characters). Nobody takes a single-use link out of the back
 * office, superusers included: they would be somebody else without a trace.
 */
export function maskText(text: string): string {
  return text
    .replace(/(https?:\/\/[^\s/"'<>]+\/[\w-]*)[/?#][^\s"'<>]+/g, '$1/…')
    .replace(/[\w-]{40,}/g, '…');
}

/** The same for every text of a JSON value. */
export function maskJson(value: unknown): unknown {
  if (typeof value === 'string') return maskText(value);
  if (Array.isArray(value)) return value.map(maskJson);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, maskJson(each)]));
}
