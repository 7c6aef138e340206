import type { Request } from 'express';

interface Layer {
  match(path: string): boolean;
  route?: { path: unknown; methods: Record<string, boolean> };
}

/** Methods that the router has for this path: if any, a 404 becomes a 405 (RFC 9110 §15.5.6). */
export function allowedMethods(req: Request): string[] {
  const { router } = req.app as unknown as { router: { stack: Layer[] } };
  const methods = router.stack
    .filter((layer) => layer.route && !isForAll(layer.route.path) && matches(layer, req.path))
    .flatMap((layer) => Object.keys(layer.route?.methods ?? {}))
    .map((method) => method.toUpperCase());
  if (methods.includes('GET')) methods.push('HEAD');
  return methods.includes(req.method) ? [] : [...new Set(methods)];
}

/** Middleware is registered as a route for every path: `/{*any}`, `{/*splat}`. */
function isForAll(path: unknown): boolean {
  return typeof path === 'string' && /^\{?\/?\{?\*/.test(path);
}

/** A path that cannot be decoded matches no route. */
function matches(layer: Layer, path: string): boolean {
  try {
    return layer.match(path);
  } catch {
    return false;
  }
}
