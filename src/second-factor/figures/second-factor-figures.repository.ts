import { Injectable } from '@nestjs/common';
import type { CountedFigures } from '../../core/back-office/start/start-figures.js';
import { staffRole } from '../../core/database/privileged/staff.role.js';
import { UnitOfWork } from '../../core/database/unit-of-work.js';

export interface FactorFigures extends CountedFigures {
  /** People with a second factor. */
  people: number;
  /** Active staff without one. */
  staffWithout: number;
}

/** Who has a second factor, over all organisations. */
@Injectable()
export class SecondFactorFiguresRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** One statement on two partial indexes: people without a second factor are not read. */
  async count(): Promise<FactorFigures> {
    const [row] = await this.unitOfWork.read<FactorFigures>(
      {
        name: 'admin-second-factors',
        text: `SELECT count(*)::int AS people, count(*)::int AS rows,
            (SELECT count(*)::int FROM users WHERE is_staff AND is_active
              AND deleted_at IS NULL AND cardinality(second_factors) = 0) AS "staffWithout"
          FROM users WHERE cardinality(second_factors) > 0`,
      },
      staffRole,
    );
    return row!;
  }
}
