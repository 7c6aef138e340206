import type { ListedObject, ObjectStorage } from '../../../src/core/storage/object-storage.js';
import type { StorageFolder } from '../../../src/core/features/names.js';

/** All there is in a folder, by key. */
export async function listed(
  storage: ObjectStorage,
  folder: StorageFolder,
): Promise<ListedObject[]> {
  const all: ListedObject[] = [];
  for await (const object of storage.list(folder)) all.push(object);
  return all.sort((one, other) => (one.key < other.key ? -1 : 1));
}
