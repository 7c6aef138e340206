import { Injectable, type Type } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import type { ForeignKeyMetadata } from 'typeorm/metadata/ForeignKeyMetadata.js';
import type { RelationMetadata } from 'typeorm/metadata/RelationMetadata.js';

/** Metadata of an entity's table. */
export interface EntityDescription {
  /** Table name, with its schema unless `public`: `pgboss.job`. */
  table: string;
  /** Readable columns; those with `select: false` are secret and excluded. */
  columns: ColumnDescription[];
}

export interface ColumnDescription {
  /** Property of the entity, `isActive`; for a relation without a column property, the relation's name. */
  property: string;
  /** Column name, `is_active`. */
  name: string;
  /** PostgreSQL's name: `varchar`, `timestamptz`, `boolean`, … */
  type: string;
  /** Maximum length in characters; null when unlimited. */
  length: number | null;
  isNullable: boolean;
  isPrimary: boolean;
  /** The entity whose id a foreign key leads to, and the property by which: `Tenant`, `tenant`. */
  relation: { target: Type; property: string } | null;
}

/** The parts of TypeORM's metadata that the application needs. */
@Injectable()
export class EntityCatalogue {
  constructor(private readonly dataSource: DataSource) {}

  /** `entity`: its class, or the name of its table. */
  describe(entity: Type | string): EntityDescription {
    const { tablePath, columns, foreignKeys } = this.dataSource.getMetadata(entity);
    return {
      table: tablePath,
      columns: columns
        .filter(({ isSelect }) => isSelect)
        .map((column) => describeColumn(column, foreignKeys)),
    };
  }
}

function describeColumn(
  column: ColumnMetadata,
  foreignKeys: readonly ForeignKeyMetadata[],
): ColumnDescription {
  const { propertyName, databaseName, type, length, isNullable, isPrimary } = column;
  return {
    property: propertyName,
    name: databaseName,
    type: typeof type === 'string' ? type : type.name.toLowerCase(),
    length: Number(length) || null,
    isNullable,
    isPrimary,
    relation: relationOf(column, foreignKeys),
  };
}

function relationOf(
  column: ColumnMetadata,
  foreignKeys: readonly ForeignKeyMetadata[],
): ColumnDescription['relation'] {
  const key = foreignKeys.find(
    ({ columns, referencedColumns }) => referencedColumns[columns.indexOf(column)]?.isPrimary,
  );
  const relation = column.entityMetadata.relations.find((each) =>
    key ? each.foreignKeys.includes(key) : isFree(each, column),
  );
  if (!relation) return null;
  const target = relation.inverseEntityMetadata.target as Type;
  return { target, property: relation.propertyName };
}

/** A relation without a foreign key: the row it leads to may be gone. */
function isFree(relation: RelationMetadata, column: ColumnMetadata): boolean {
  return !relation.createForeignKeyConstraints && relation.joinColumns.includes(column);
}
