import { Injectable, type Type } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';

/** What an entity says about its table, for pages that are made from it. */
export interface EntityDescription {
  /** With its schema where that is not the usual one: `pgboss.job`. */
  table: string;
  /** What may be read: a column declared with `select: false` is a secret and not among them. */
  columns: ColumnDescription[];
}

export interface ColumnDescription {
  /** As the entity calls it, `isActive`; a column that is only a relation has the relation's name. */
  property: string;
  /** As the database calls it, `is_active`. */
  name: string;
  /** PostgreSQL's name: `varchar`, `timestamptz`, `boolean`, … */
  type: string;
  /** Characters; null where it is not said. */
  length: number | null;
  isNullable: boolean;
  isPrimary: boolean;
  /** The entity a foreign key leads to, and the property by which: `Tenant`, `tenant`. */
  relation: { target: Type; property: string } | null;
}

/** TypeORM's metadata, in the few words the rest of the application needs of it. */
@Injectable()
export class EntityCatalogue {
  constructor(private readonly dataSource: DataSource) {}

  describe(entity: Type): EntityDescription {
    const { tablePath, columns } = this.dataSource.getMetadata(entity);
    return {
      table: tablePath,
      columns: columns.filter(({ isSelect }) => isSelect).map(describeColumn),
    };
  }
}

function describeColumn(column: ColumnMetadata): ColumnDescription {
  const { propertyName, databaseName, type, length, isNullable, isPrimary, relationMetadata } =
    column;
  return {
    property: propertyName,
    name: databaseName,
    type: typeof type === 'string' ? type : type.name.toLowerCase(),
    length: Number(length) || null,
    isNullable,
    isPrimary,
    relation: relationMetadata
      ? {
          target: relationMetadata.inverseEntityMetadata.target as Type,
          property: relationMetadata.propertyName,
        }
      : null,
  };
}
