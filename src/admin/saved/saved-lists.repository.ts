import { Injectable } from '@nestjs/common';
import { staffRole } from '../../core/database/privileged/staff.role.js';
import { UnitOfWork } from '../../core/database/unit-of-work.js';

export interface SavedList {
  id: string;
  userId: string;
  /** Address of the person who saved it. */
  owner: string;
  name: string;
  /** What stands after `?` in the address of the list. */
  query: string;
  isShared: boolean;
}

/** Filters of lists that staff saved. */
@Injectable()
export class SavedListsRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Those of a person, then those that others who still are staff share. */
  of(list: string, userId: string): Promise<SavedList[]> {
    return this.unitOfWork.read<SavedList>(
      {
        name: 'saved-lists',
        text: `SELECT s.id, s.user_id AS "userId", u.email AS owner, s.name, s.query,
            s.is_shared AS "isShared"
          FROM saved_list s JOIN users u ON u.id = s.user_id
          WHERE s.list = $1 AND (s.user_id = $2 OR s.is_shared AND u.is_staff AND u.is_active)
          ORDER BY s.user_id <> $2, lower(s.name), s.id`,
        values: [list, userId],
      },
      staffRole,
    );
  }

  /** False where the person has as many of this list as they may have. @throws for a name that is taken */
  async add(saved: Omit<SavedList, 'id' | 'owner'> & { list: string }, most: number) {
    const { userId, list, name, query, isShared } = saved;
    // Of those saved at once each counts the ones before.
    await this.unitOfWork.lock(`filters ${userId} ${list}`);
    const added = await this.unitOfWork.execute(
      `INSERT INTO saved_list (user_id, list, name, query, is_shared)
       SELECT $1::uuid, $2::varchar, $3, $4, $5::boolean
       WHERE (SELECT count(*) FROM saved_list
         WHERE user_id = $1::uuid AND list = $2::varchar) < $6`,
      [userId, list, name, query, isShared, most],
    );
    return added > 0;
  }

  /** @throws for a name that is taken */
  async change({ id, userId, name, isShared }: Omit<SavedList, 'owner' | 'query'>) {
    const changed = await this.unitOfWork.execute(
      'UPDATE saved_list SET name = $3, is_shared = $4 WHERE id = $1 AND user_id = $2',
      [id, userId, name, isShared],
    );
    return changed > 0;
  }

  async delete(id: string, userId: string): Promise<boolean> {
    const deleted = await this.unitOfWork.execute(
      'DELETE FROM saved_list WHERE id = $1 AND user_id = $2',
      [id, userId],
    );
    return deleted > 0;
  }
}
