import type { EntityManager, EntityMetadata, ObjectLiteral } from 'typeorm';

/** The columns of a row by their properties, as it was locked. */
type Columns = ReadonlyMap<string, unknown>;

/** By the manager of the unit of work that holds the lock. */
const locked = new WeakMap<EntityManager, WeakMap<ObjectLiteral, Columns>>();

/** Remembers what a row was when it was locked, so that `saveLocked` need not read it again. */
export function rememberLocked<E extends ObjectLiteral>(manager: EntityManager, entity: E): E {
  const rows = locked.get(manager) ?? new WeakMap<ObjectLiteral, Columns>();
  locked.set(manager, rows.set(entity, columnsOf(metadataOf(manager, entity), entity)));
  return entity;
}

/** After a savepoint: what was locked and saved behind it is neither any more. */
export function forgetLocked(manager: EntityManager): void {
  locked.delete(manager);
}

/**
 * Writes the columns that have changed since the row was locked, in one statement, and nothing where none has; the
 * entity has its new version then. Any other entity is read before by TypeORM.
 */
export async function saveLocked<E extends ObjectLiteral>(
  manager: EntityManager,
  entity: E,
): Promise<E> {
  const before = locked.get(manager)?.get(entity);
  if (!before) return manager.save(entity);
  const metadata = metadataOf(manager, entity);
  const changed = [...columnsOf(metadata, entity)].filter(
    ([property, value]) => value !== before.get(property),
  );
  if (changed.length === 0) return entity;
  const values = changed.map(([property]) => [property, entity[property] as unknown]);
  const { affected } = await manager
    .createQueryBuilder()
    .update<ObjectLiteral>(metadata.target)
    .set(Object.fromEntries(values) as ObjectLiteral)
    .whereEntity(entity)
    .execute();
  if (affected !== 1) throw new Error('A row that was locked cannot be saved: it is out of reach');
  return rememberLocked(manager, entity);
}

function metadataOf(manager: EntityManager, entity: ObjectLiteral): EntityMetadata {
  return manager.dataSource.getMetadata(entity.constructor);
}

/** Those that may be written and were read. TypeORM itself writes version and time of change. */
function columnsOf({ columns }: EntityMetadata, entity: ObjectLiteral): Columns {
  const written = columns.filter(
    ({ isUpdate, isVersion, isUpdateDate, propertyName }) =>
      isUpdate && !isVersion && !isUpdateDate && entity[propertyName] !== undefined,
  );
  return new Map(written.map(({ propertyName }) => [propertyName, plain(entity[propertyName])]));
}

/** A value that equals another one exactly when the column would. */
function plain(value: unknown): unknown {
  if (Buffer.isBuffer(value)) return value.toString('hex');
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
}

/** Gives a row a new version where none of its own columns has changed, but what belongs to it. */
export async function touchLocked(manager: EntityManager, entity: ObjectLiteral): Promise<void> {
  const { target, versionColumn } = metadataOf(manager, entity);
  if (!versionColumn) throw new Error('A row without a version cannot be touched');
  const values = { [versionColumn.propertyName]: () => `${versionColumn.databaseName} + 1` };
  await manager
    .createQueryBuilder()
    .update<ObjectLiteral>(target)
    .set(values)
    .whereEntity(entity)
    .execute();
}
