import { Injectable } from '@nestjs/common';
import type { Page } from '../../http/pipeline/answers.js';
import { UUID } from '../../utils/uuid.js';
import { AdminShell } from '../admin-shell.js';
import { AdminWords } from '../admin-words.js';
import { BackOffice } from '../back-office.js';
import { addressOf } from '../list-query.js';
import type { ListedEntity } from '../listed-entity.js';
import { RecordPresenter } from '../record.presenter.js';
import { RecordsRepository } from '../records.repository.js';
import { lengthOfPart, SHORTEST_PART } from './found-by.js';

/** Rows of a list that are shown. */
const FEW = 5;
/** Columns of a row that are shown besides its title. */
const NARROW = 4;

/** What the search finds in each list, all of it in one round trip. */
@Injectable()
export class SearchPage {
  constructor(
    private readonly office: BackOffice,
    private readonly records: RecordsRepository,
    private readonly presenter: RecordPresenter,
    private readonly words: AdminWords,
    private readonly shell: AdminShell,
  ) {}

  async show(q: string | null): Promise<Page> {
    const lists = q ? this.searched(q) : [];
    const found = await Promise.all(
      lists.map(async (list) => ({ list, ...(await this.records.few(list, q!, FEW)) })),
    );
    const groups = found
      .filter(({ rows }) => rows.length > 0)
      .map(({ list, rows, hasMore }) => {
        const columns = list.list.slice(0, NARROW);
        return {
          name: list.path,
          title: this.words.plural(list),
          icon: list.declared.icon,
          rows: rows.map((row) => ({
            href: list.address(row.id),
            title: this.presenter.title(list, row),
            cells: this.presenter
              .fields(list, columns, row)
              .filter(({ cell }) => cell.kind !== 'none'),
          })),
          allUrl: hasMore
            ? addressOf(list, { q, chosen: {}, scope: null, sort: null, cursor: null })
            : null,
        };
      });
    const isShort = q !== null && !UUID.test(q) && lengthOfPart(q) < SHORTEST_PART;
    const model = {
      heading: q === null ? 'back-office.search.title' : 'back-office.search.title_of',
      q,
      groups,
      count: groups.reduce((sum, { rows }) => sum + rows.length, 0),
      isShort,
      shortest: SHORTEST_PART,
    };
    return this.shell.page('back-office/search', model, 'search', [], q);
  }

  /** An id is looked for in every list; a text in those that are found by one. */
  private searched(q: string): ListedEntity[] {
    const lists = this.office.all();
    if (UUID.test(q)) return lists.filter(({ id }) => id.type === 'uuid');
    return lists.filter(
      ({ declared }) => declared.foundBy.length > 0 && !declared.isFoundElsewhere,
    );
  }
}
