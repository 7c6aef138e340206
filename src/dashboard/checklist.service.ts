import { Injectable } from '@nestjs/common';
import type { Principal } from '../core/context/principal.js';
import { isUntouchedSample } from '../core/features/sample-data.js';
import { UnitOfWork } from '../core/database/unit-of-work.js';
import type { ChecklistItemDeclaration } from '../core/features/checklist.js';
import { listed } from '../core/features/registry.js';
import { OpenPages } from '../core/http/access/open-pages.js';
import type { TextKey } from '../core/i18n/text-keys.js';
import { ChecklistRepository } from './checklist.repository.js';

export interface ChecklistModel {
  items: Array<{ href: string; text: TextKey; hint: TextKey | null; isDone: boolean }>;
  done: number;
  total: number;
}

/** What the admins of a new organisation begin with, as features declare it. */
@Injectable()
export class Checklist {
  constructor(
    private readonly checklist: ChecklistRepository,
    private readonly pages: OpenPages,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /** Null for other people, where it was put away, where the organisation is not new, and where all is done. */
  async of(me: Principal): Promise<ChecklistModel | null> {
    if (me.role !== 'admin' || !me.isTenantNew) return null;
    const declared = items();
    const conditions = declared.flatMap(({ isDone }) => ('sql' in isDone ? [isDone.sql] : []));
    const held = await this.checklist.done(me.profileId, conditions);
    if (!held) return null;
    const next = held.values();
    const all = declared.map(({ isDone, hint = null, ...item }) => ({
      ...{ href: item.href, text: item.text, hint },
      isDone: 'sql' in isDone ? next.next().value! : isDone(me),
    }));
    const open = all.filter(({ href }) => this.pages.isOpen(href, me));
    const done = open.filter((item) => item.isDone).length;
    return done === open.length ? null : { items: open, done, total: open.length };
  }

  hide({ profileId }: Principal, isHidden: boolean): Promise<void> {
    return this.unitOfWork.run(() => this.checklist.hide(profileId, isHidden));
  }
}

/** What features declare, and the first row of each kind that the dashboard offers to add. */
function items(): ChecklistItemDeclaration[] {
  const first = listed('dashboardActions').flatMap(({ href, text, position, firstOf }) =>
    firstOf
      ? [{ href, text, position: FIRST_ROWS + position, isDone: { sql: hasRow(firstOf) } }]
      : [],
  );
  return [...listed('checklist'), ...first].sort((one, other) => one.position - other.position);
}

/** First rows come behind what is declared with a lower position. */
const FIRST_ROWS = 100;

/** One that somebody has added: sample data does not tick it. */
function hasRow(table: string): string {
  return `EXISTS (SELECT FROM ${table} r
    WHERE r.tenant_id = (SELECT app_tenant_id()) AND r.deleted_at IS NULL
      AND NOT ${isUntouchedSample('r')})`;
}
