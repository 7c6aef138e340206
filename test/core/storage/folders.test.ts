import type { StorageFolder } from '../../../src/core/features/names.js';
import { merged } from '../../../src/core/features/registry.js';
import { StorageGarbageCollector } from '../../../src/core/storage/storage-garbage-collector.js';
import '../../../src/features.js';

test('a storage folder without a check for keys in use stops the start, naming its file', () => {
  const collector = new StorageGarbageCollector({} as never);
  const others = [...merged('storageFolders').keys()].filter((folder) => folder !== 'logo');
  for (const folder of others) {
    collector.ownedBy(folder as StorageFolder, () => Promise.resolve([]));
  }
  expect(() => collector.onApplicationBootstrap()).toThrow(
    /^src\/tenants\/tenants\.feature\.ts: .* folder "logo" .* call StorageGarbageCollector\.ownedBy\('logo', …\)/,
  );
  collector.ownedBy('logo', () => Promise.resolve([]));
  expect(() => collector.onApplicationBootstrap()).not.toThrow();
});
