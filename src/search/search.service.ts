import { Injectable } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import type { Actor } from '../core/context/principal.js';
import { searchKinds } from '../core/features/registry.js';
import type { FoundRow, SearchDeclaration } from '../core/features/search.js';
import { OpenPages } from '../core/http/access/open-pages.js';

/** Rows of one kind that were found. */
export interface FoundKind {
  /** As declared: `projects`. */
  name: string;
  declared: SearchDeclaration;
  rows: FoundRow[];
  /** Whether the list of the kind has more. */
  hasMore: boolean;
}

/** Maximum number of rows of a kind. */
const MOST = 5;

/** Finds rows of the kinds that features declare. */
@Injectable()
export class SearchService {
  constructor(
    private readonly modules: ModuleRef,
    private readonly pages: OpenPages,
  ) {}

  /**
   * What this actor finds of each kind they may read; kinds without a row are left out. One statement per kind,
   * all at once.
   */
  async find(by: Actor, q: string): Promise<FoundKind[]> {
    const found = await Promise.all(
      this.kindsFor(by).map(async ([name, declared]): Promise<FoundKind> => {
        const source = this.modules.get(declared.source, { strict: false });
        const rows = await source.find(q, MOST + 1);
        return { name, declared, rows: rows.slice(0, MOST), hasMore: rows.length > MOST };
      }),
    );
    return found.filter(({ rows }) => rows.length > 0);
  }

  /** The kinds whose list this actor may read. */
  kindsFor(by: Actor): ReadonlyArray<[string, SearchDeclaration]> {
    return searchKinds().filter(([, { href }]) => this.pages.isOpen(href, by));
  }
}
