/** An arbitrary origin to resolve paths against. */
const HERE = 'http://here.invalid';

/**
 * `candidate` when it is a path of this site, else `fallback`. Refuses whatever a browser would resolve to
 * another site: `//evil`, `/\evil`, `https:evil`, tabs and newlines (the WHATWG URL parser drops them).
 */
export function safePath(candidate: unknown, fallback: string): string {
  if (typeof candidate !== 'string' || candidate.length > 2_000) return fallback;
  if (!/^\/(?![/\\])/.test(candidate) || FORBIDDEN.test(candidate)) return fallback;
  const url = URL.parse(candidate, HERE);
  if (!url || url.origin !== HERE || url.pathname.startsWith('//')) return fallback;
  return url.pathname + url.search + url.hash;
}

/** Backslashes, which browsers read as slashes, and control characters. */
// oxlint-disable-next-line no-control-regex
const FORBIDDEN = /[\\\u0000-\u001f\u007f-\u009f\u2028\u2029]/;

/** `path` with a `next` parameter, left out when it says nothing. */
export function withNext(path: string, next: string | null | undefined): string {
  return next ? `${path}?next=${encodeURIComponent(next)}` : path;
}
