import type { Request } from 'express';

interface Layer {
  match(path: string): boolean;
  route?: { path: unknown; methods: Record<string, boolean> };
}

/** Methods the router knows for this address: with some, a 404 is really a 405 (RFC 9110 §15.5.6). */
export function allowedMethods(req: Request): string[] {
  const { router } = req.app as unknown as { router: { stack: Layer[] } };
  const methods = router.stack
    .filter((layer) => layer.route && !isForAll(layer.route.path) && matches(layer, req.path))
    .flatMap((layer) => Object.keys(layer.route?.methods ?? {}))
    .map((method) => method.toUpperCase());
  if (methods.includes('GET')) methods.push('HEAD');
  return methods.includes(req.method) ? [] : [...new Set(methods)];
}

/** Middleware stands in the same list, as a route for every address: `/{*any}`, `{/*splat}`. */
function isForAll(path: unknown): boolean {
  return typeof path === 'string' && /^\{?\/?\{?\*/.test(path);
}

/** An address that cannot be decoded matches nothing. */
function matches(layer: Layer, path: string): boolean {
  try {
    return layer.match(path);
  } catch {
    return false;
  }
}
