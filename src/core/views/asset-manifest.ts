import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Returns the public path of a built asset by its logical name (`app.css`). With `cache` the manifest is read
 * once; without it on every call, so that a rebuild shows without a restart.
 */
export function createAssetResolver(publicDir: string, cache: boolean): (name: string) => string {
  const file = join(publicDir, 'assets', 'manifest.json');
  let manifest: Record<string, string> | undefined;
  return (name) => {
    if (!manifest || !cache) manifest = JSON.parse(readFileSync(file, 'utf8')) as typeof manifest;
    const path = manifest?.[name];
    if (!path) throw new Error(`No asset "${name}" in ${file}; run "npm run build:assets"`);
    return path;
  };
}
