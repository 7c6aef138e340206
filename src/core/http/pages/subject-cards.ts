import { Injectable } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { declared, declaredBy, merged } from '../../features/registry.js';
import type { Permission } from '../../features/names.js';
import { me } from '../access/current-user.js';
import { may } from '../access/require-permission.js';
import { Card } from './card.js';
import { ChildLists } from './child-lists.js';

/** What the page of a row shows besides the row: `{{> cards}}`. */
@Injectable()
export class SubjectCards {
  constructor(
    private readonly childLists: ChildLists,
    private readonly modules: ModuleRef,
  ) {}

  /**
   * Lists of rows that belong to the row (`childLists`), and what `subjects` says that it has, as far as the viewer
   * may read it; at most one statement for each, all at once.
   * @param kind table of the row, as `subjects` names it
   */
  async of(kind: string, id: string): Promise<Card[]> {
    const { has } = declared('subjects', kind);
    const kept = [...merged('subjectCards')].filter(
      ([name, { reads }]) => has.includes(name) && may(me(), reads as Permission),
    );
    kept.sort(([, one], [, other]) => one.position - other.position);
    const [lists, ...cards] = await Promise.all([
      this.childLists.of(declaredBy('subjects', kind).name, id),
      ...kept.map(([, { source }]) =>
        this.modules.get(source, { strict: false }).subjectCard(kind, id),
      ),
    ]);
    // A partial of all pages, which belongs to no feature.
    const children = lists.length > 0 ? new Card('children', { lists }) : null;
    return [children, ...cards].filter((each) => each !== null);
  }
}
