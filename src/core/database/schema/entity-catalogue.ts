import { Injectable, type Type } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';

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
  /** The entity a foreign key leads to, and the property by which: `Tenant`, `tenant`. */
  relation: { target: Type; property: string } | null;
}

/** The parts of TypeORM's metadata that the application needs. */
@Injectable()
export class EntityCatalogue {
  constructor(private readonly dataSource: DataSource) {}

  /** `entity`: its class, or the name of its table. */
  describe(entity: Type | string): EntityDescription {
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
