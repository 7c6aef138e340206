import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../core/database/unit-of-work.js';

@Injectable()
export class ChecklistRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /**
   * Which of the conditions hold, in one statement; null where the person put the list away.
   * @param conditions the same ones each time
   */
  async done(profileId: string, conditions: readonly string[]): Promise<boolean[] | null> {
    const [row] = await this.unitOfWork.read<{ done: boolean[] }>({
      name: 'checklist',
      text: `SELECT ARRAY[${conditions.map((sql) => `(${sql})`).join(', ')}]::boolean[] AS done
        FROM user_profile me
        WHERE me.id = $1 AND me.tenant_id = (SELECT app_tenant_id())
          AND me.checklist_hidden_at IS NULL`,
      values: [profileId],
    });
    return row?.done ?? null;
  }

  /** Puts the list away for one person, or brings it back. */
  async hide(profileId: string, isHidden: boolean): Promise<void> {
    await this.unitOfWork.execute(
      `UPDATE user_profile SET checklist_hidden_at = CASE WHEN $2 THEN now() END
       WHERE id = $1 AND tenant_id = (SELECT app_tenant_id())`,
      [profileId, isHidden],
    );
  }
}
