/** Methods that change nothing (RFC 9110 §9.2.1). */
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

export function isSafe({ method }: { method: string }): boolean {
  return SAFE.has(method);
}
