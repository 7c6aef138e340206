import { Injectable } from '@nestjs/common';
import { currentContext } from '../../context/request-context.js';
import { UnitOfWork } from '../../database/unit-of-work.js';
import type { ChildListDeclaration } from '../../features/feature.js';
import type { FlagName, Permission } from '../../features/names.js';
import { listed, permissionsOf } from '../../features/registry.js';
import { FeatureFlags } from '../../flags/feature-flags.js';

/** How many rows are shown. */
const SHOWN = 20;

/** Rows of other features that belong to a row, for the page of that. */
@Injectable()
export class ChildLists {
  constructor(
    private readonly flags: FeatureFlags,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /** The latest rows that belong to the row `id` of `feature`, as far as the viewer may read them. */
  of(feature: string, id: string) {
    const shown = listed('childLists').filter((each) => each.of === feature && this.isShown(each));
    return Promise.all(shown.map((each) => this.list(each, id)));
  }

  private isShown({ flag, reads }: ChildListDeclaration): boolean {
    const { principal } = currentContext();
    const { role } = principal ?? {};
    const mayRead = !!role && permissionsOf(role).includes(reads as Permission);
    return mayRead && (flag === undefined || this.flags.isOn(flag as FlagName));
  }

  private async list(declared: ChildListDeclaration, id: string) {
    const { table, column, title, href } = declared;
    const rows = await this.unitOfWork.read<{ id: string; title: string }>({
      name: `children-${table}-${column}`,
      text: `SELECT id, ${title} AS title FROM ${table}
        WHERE tenant_id = (SELECT app_tenant_id()) AND ${column} = $1 AND deleted_at IS NULL
        ORDER BY created_at DESC, id DESC LIMIT $2`,
      values: [id, SHOWN + 1],
    });
    return {
      name: `${table}-${column}`,
      text: declared.text,
      subtitle: declared.subtitle ?? null,
      items: rows.slice(0, SHOWN).map((row) => ({ href: `${href}${row.id}/`, title: row.title })),
      shown: rows.length > SHOWN ? SHOWN : null,
      add: declared.add,
      writes: declared.writes as Permission,
      addHref: `${href}new/?${column}=${id}`,
    };
  }
}
