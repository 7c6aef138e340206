import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { TenantRows } from '../../core/database/tenant-rows.js';
import type { ExportPartDeclaration, ExportSource } from '../../core/features/feature.js';
import { declaredIn, merged } from '../../core/features/registry.js';

/** What one file of a download holds. */
export interface ExportPart extends ExportSource {
  /** File name without extension: `members.json` and `members.csv`. */
  readonly name: string;
  readonly columns: readonly string[];
}

/** The parts of a download, as features declare them (`exportParts`). */
@Injectable()
export class ExportParts implements OnModuleInit {
  constructor(
    private readonly moduleRef: ModuleRef,
    private readonly rows: TenantRows,
  ) {}

  /** @throws Error naming the declaration that cannot be read */
  onModuleInit(): void {
    for (const [name, part] of merged('exportParts')) {
      try {
        this.sourceOf(part);
      } catch (error) {
        const where = `${declaredIn('exportParts', name)}: exportParts.${name}`;
        throw new Error(`${where}: ${(error as Error).message}`, { cause: error });
      }
    }
  }

  /** In the order of their names. */
  all(): ExportPart[] {
    return [...merged('exportParts')]
      .map(([name, part]) => ({ name, columns: part.columns, rows: this.sourceOf(part) }))
      .sort((one, other) => one.name.localeCompare(other.name));
  }

  private sourceOf({ source, table, columns }: ExportPartDeclaration): ExportSource['rows'] {
    if (!source) return this.rows.reader(table, columns);
    const provider = this.moduleRef.get<ExportSource>(source, { strict: false });
    return () => provider.rows();
  }
}
