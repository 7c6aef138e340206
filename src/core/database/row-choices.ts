import { Injectable } from '@nestjs/common';
import { DomainError } from '../errors/domain-error.js';
import { uuidOf } from '../utils/uuid.js';
import type { SelectOption } from '../views/shell.js';
import type { RowChoice } from './row-choice.js';
import { UnitOfWork } from './unit-of-work.js';

/** How many rows a form offers; others are chosen on their own page, or through the API. */
const OFFERED = 1_000;

/** Rows as values of a field of another: what a form offers, what may be chosen, and what they are called. */
@Injectable()
export class RowChoices {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** The first rows by name, deleted ones left out; `chosen` is among them, even deleted. */
  async offered({ table, title }: RowChoice, chosen: unknown): Promise<SelectOption[]> {
    return this.unitOfWork.read<SelectOption>({
      name: `choices-${table}`,
      text: `SELECT r.id AS value, r.${title} AS label FROM (
          (SELECT id, ${title} FROM ${table} WHERE tenant_id = (SELECT app_tenant_id()) AND deleted_at IS NULL
            ORDER BY lower(${title}), id LIMIT ${OFFERED})
          UNION SELECT id, ${title} FROM ${table} WHERE tenant_id = (SELECT app_tenant_id()) AND id = $1) r
        ORDER BY lower(r.${title}), r.id`,
      values: [uuidOf(chosen)],
    });
  }

  /** The name of a row, of a deleted one too; null for none. */
  async titleOf({ table, title }: RowChoice, id: string | null): Promise<string | null> {
    if (id === null) return null;
    const [row] = await this.unitOfWork.read<{ title: string }>({
      name: `choice-${table}`,
      text: `SELECT ${title} AS title FROM ${table} WHERE id = $1 AND tenant_id = (SELECT app_tenant_id())`,
      values: [id],
    });
    return row?.title ?? null;
  }

  /**
   * Whether a row can be chosen: it is not deleted, or was chosen `before`. It cannot be deleted until the unit of
   * work ends. @throws DomainError `invalid` at `field`
   */
  async require(
    { table }: RowChoice,
    field: string,
    id: string | null,
    before: string | null = null,
  ): Promise<void> {
    if (id === null || id === before) return;
    const rows = await this.unitOfWork.query(
      `SELECT 1 FROM ${table}
       WHERE id = $1 AND tenant_id = (SELECT app_tenant_id()) AND deleted_at IS NULL FOR SHARE`,
      [id],
    );
    if (rows.length === 0) throw new DomainError('invalid', 'validation.unknown_row', { field });
  }
}
