import { Injectable } from '@nestjs/common';
import type { Principal } from '../../context/principal.js';
import { Entitlements } from '../../entitlements/entitlements.js';
import { listed, merged } from '../../features/registry.js';
import type { Shell } from '../../views/shell.js';
import { OpenPages } from '../access/open-pages.js';

/** Whether an organisation has sample data, or is offered some. Costs no statement. */
@Injectable()
export class SampleDataState {
  constructor(
    private readonly pages: OpenPages,
    private readonly entitlements: Entitlements,
  ) {}

  /** For every page; `section` is its entry of the navigation. */
  of(me: Principal | null, section: string): Shell['sampleData'] {
    if (!me?.profileActive || !me.tenantId) return null;
    if (me.hasSampleData) return { isThere: true, isSaid: sections().has(section) };
    return this.isOffered(me) ? { isThere: false, isSaid: false } : null;
  }

  /** To admins of a new organisation that may be changed, where there is something to add. */
  isOffered(me: Principal): boolean {
    return (
      me.isTenantNew &&
      !me.hasSampleData &&
      me.role === 'admin' &&
      !me.eraseAt &&
      me.impersonator?.mayWrite !== false &&
      (!this.entitlements.isOn || this.entitlements.mode(me.plan) === 'full') &&
      this.kinds(me).length > 0
    );
  }

  /** Tables whose features make sample rows up, as far as this person may open their lists; parents first. */
  kinds(me: Principal): string[] {
    return [...merged('sampleData')]
      .filter(([, { rows, href }]) => rows && (!href || this.pages.isOpen(href, me)))
      .map(([kind]) => kind);
  }
}

/** Entries of the navigation whose rows can be sample rows. */
function sections(): ReadonlySet<string> {
  const lists = new Set([...merged('sampleData').values()].map(({ href }) => href));
  return new Set(listed('nav').flatMap(({ href, section }) => (lists.has(href) ? [section] : [])));
}
