import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import type { ViesAnswer } from './vies.js';

/** What VIES said about numbers of the organisation in context: kept as proof. As the role billing. */
@Injectable()
export class VatChecksRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async add(vatNumber: string, answer: ViesAnswer): Promise<void> {
    const { result, consultation, name, address, askedAt } = answer;
    await this.unitOfWork.execute(
      `INSERT INTO vat_check (tenant_id, vat_number, result, consultation, name, address, asked_at)
       VALUES (app_tenant_id(), $1, $2, $3, $4, $5, $6)`,
      [vatNumber, result, consultation, name, address, askedAt],
    );
  }

  /** The last answer that was one; null where there is none. */
  async last(vatNumber: string): Promise<{ result: string; askedAt: Date } | null> {
    const [row] = await this.unitOfWork.query<{ result: string; askedAt: Date }>(
      `SELECT result, asked_at AS "askedAt" FROM vat_check
       WHERE tenant_id = app_tenant_id() AND vat_number = $1 AND result <> 'unknown'
       ORDER BY asked_at DESC LIMIT 1`,
      [vatNumber],
    );
    return row ?? null;
  }
}
