import { Injectable } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { isApiKey, type Actor } from '../core/context/principal.js';
import { Entitlements } from '../core/entitlements/entitlements.js';
import { searchKinds } from '../core/features/registry.js';
import type { FoundRow, SearchDeclaration } from '../core/features/search.js';
import type { EntitlementName, FlagName, Permission } from '../core/features/names.js';
import { FeatureFlags } from '../core/flags/feature-flags.js';
import { OpenPages } from '../core/http/access/open-pages.js';
import { may } from '../core/http/access/require-permission.js';

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
    private readonly features: FeatureFlags,
    private readonly entitlements: Entitlements,
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

  /** The kinds that this actor may search. API keys open no page: what is declared decides. */
  kindsFor(by: Actor): ReadonlyArray<[string, SearchDeclaration]> {
    return searchKinds().filter(([, { href, permission, flag, entitlement }]) => {
      if (!may(by, permission as Permission)) return false;
      if (flag !== undefined && !this.features.isOn(flag as FlagName)) return false;
      const isSold = entitlement !== undefined;
      if (isSold && !this.entitlements.has(entitlement as EntitlementName, by.plan)) return false;
      return isApiKey(by) || this.pages.isOpen(href);
    });
  }
}
