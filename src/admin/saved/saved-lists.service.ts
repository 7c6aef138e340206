import { Injectable } from '@nestjs/common';
import { SavedLists, type ShownSavedLists } from '../../core/back-office/ports/saved-lists.js';
import type { Principal } from '../../core/context/principal.js';
import { isDuplicate } from '../../core/database/database-errors.js';
import { staffRole } from '../../core/database/privileged/staff.role.js';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import { DomainError } from '../../core/errors/domain-error.js';
import { me } from '../../core/http/access/current-user.js';
import { SavedListsRepository, type SavedList } from './saved-lists.repository.js';

/** Filters that a person may save of one list. */
export const MOST_SAVED = 30;

/** What is typed of a saved filter. */
export interface NamedFilter {
  name: string;
  isShared: boolean;
}

/** Filters of lists that staff save under a name. */
@Injectable()
export class SavedListsService extends SavedLists {
  constructor(
    private readonly saved: SavedListsRepository,
    private readonly unitOfWork: UnitOfWork,
  ) {
    super();
  }

  override async of({ path }: { path: string }, query: string): Promise<ShownSavedLists> {
    const { userId } = me();
    const all = await this.saved.of(path, userId);
    const address = `/admin/${path}/`;
    return {
      links: all.map((each) => ({
        href: `${address}?${each.query}`,
        text: each.name,
        sharedBy: each.userId === userId ? null : each.owner,
        isCurrent: each.query === query,
      })),
      manageUrl: `${address}saved/`,
      hasOwn: all.some((each) => each.userId === userId),
    };
  }

  async own({ userId }: Principal, list: string): Promise<SavedList[]> {
    const all = await this.saved.of(list, userId);
    return all.filter((each) => each.userId === userId);
  }

  /** @throws DomainError `not_found` for one of somebody else */
  async get(me: Principal, list: string, id: string): Promise<SavedList> {
    const found = (await this.own(me, list)).find((each) => each.id === id);
    if (!found) throw new DomainError('not_found', 'errors.not_found');
    return found;
  }

  /** @throws DomainError `conflict` for a name that is taken, and where there are as many as there may be */
  async add({ userId }: Principal, list: string, query: string, typed: NamedFilter): Promise<void> {
    const isAdded = await this.write(() =>
      this.saved.add({ userId, list, query, ...typed }, MOST_SAVED),
    );
    if (isAdded) return;
    throw new DomainError('conflict', 'admin.saved.errors.too_many', {
      args: { count: MOST_SAVED },
    });
  }

  /** @throws DomainError `conflict` for a name that is taken, `not_found` for one of somebody else */
  async change({ userId }: Principal, id: string, typed: NamedFilter): Promise<void> {
    const isThere = await this.write(() => this.saved.change({ id, userId, ...typed }));
    if (!isThere) throw new DomainError('not_found', 'errors.not_found');
  }

  /** @throws DomainError `not_found` for one of somebody else */
  async delete({ userId }: Principal, id: string): Promise<void> {
    const isThere = await this.write(() => this.saved.delete(id, userId));
    if (!isThere) throw new DomainError('not_found', 'errors.not_found');
  }

  private async write<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await this.unitOfWork.runAs(staffRole, work);
    } catch (error) {
      if (!isDuplicate(error, 'uq_saved_list_name')) throw error;
      throw new DomainError('conflict', 'admin.saved.errors.taken', { field: 'name' });
    }
  }
}
