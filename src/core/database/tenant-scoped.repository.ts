import { In, type EntityTarget, type FindOneOptions, type FindOptionsWhere } from 'typeorm';
import type { TextKey } from '../i18n/text-keys.js';
import { DomainError } from '../errors/domain-error.js';
import { isDangling, isDuplicate } from './database-errors.js';
import { rememberLocked, saveLocked } from './locked-rows.js';
import type { Statement } from './read-path/pipelined-read.js';
import { isUntouchedSample } from '../features/sample-data.js';
import type { TenantScopedEntity } from './tenant-scoped.entity.js';
import type { UnitOfWork } from './unit-of-work.js';

/**
 * Rows of the current organisation only. Filters and sets `tenant_id` itself and throws without an
 * organisation; row-level security holds should a query be wrong. Features extend it with queries of their
 * own.
 */
export abstract class TenantScopedRepository<E extends TenantScopedEntity> {
  /** Unique indexes of the table: the field of the form, and what people are told of a duplicate. */
  protected readonly unique: Readonly<Record<string, { field: string; key: TextKey }>> = {};

  /** Foreign keys of the table, and the field of the form whose value may lead nowhere. */
  protected readonly references: Readonly<Record<string, string>> = {};

  constructor(
    protected readonly unitOfWork: UnitOfWork,
    private readonly entity: EntityTarget<E>,
  ) {}

  /** The row with this id. @throws DomainError `not_found`: unknown, deleted, or of another organisation */
  get(id: string): Promise<E> {
    return this.one({ where: this.own(id) });
  }

  /** How many rows there are, deleted ones and untouched sample rows aside, in the open unit of work. */
  count(): Promise<number> {
    const own = this.unitOfWork.manager.createQueryBuilder(this.entity, 'r');
    return own
      .where('r.tenant_id = :tenantId', { tenantId: this.tenantId })
      .andWhere(`NOT ${isUntouchedSample('r')}`)
      .getCount();
  }

  /** The rows with these ids, deleted ones too, in any order. */
  many(ids: readonly string[]): Promise<E[]> {
    const where = { id: In([...ids]), tenantId: this.tenantId } as FindOptionsWhere<E>;
    return this.unitOfWork.manager.find(this.entity, { where, withDeleted: true });
  }

  /** Like `get`, with a row lock until the unit of work ends. Rows that refer to it can still be added. */
  async lock(id: string, { evenDeleted = false } = {}): Promise<E> {
    const lock = { mode: 'for_no_key_update' } as const;
    const found = await this.one({ where: this.own(id), withDeleted: evenDeleted, lock });
    return rememberLocked(this.unitOfWork.manager, found);
  }

  /** @throws DomainError `conflict` for a duplicate, `invalid` for a reference that leads nowhere */
  async add(entity: E): Promise<E> {
    entity.tenantId = this.tenantId;
    return this.saved(this.unitOfWork.manager.save(entity));
  }

  /**
   * Writes what has changed. A row that `lock` returned is not read again.
   * @throws DomainError `conflict` for a duplicate, `invalid` for a reference that leads nowhere
   */
  async save(entity: E): Promise<E> {
    if (entity.tenantId !== this.tenantId) throw new Error('This belongs to another organisation');
    return this.saved(saveLocked(this.unitOfWork.manager, entity));
  }

  /** Sets `deleted_at`; the row disappears from ordinary queries. @throws DomainError `not_found` */
  async softDelete(id: string): Promise<E> {
    return this.unitOfWork.manager.softRemove(await this.lock(id));
  }

  /** Undoes a soft deletion. @throws DomainError `conflict` where another row has a value of its own by now */
  async restore(entity: E): Promise<E> {
    if (entity.tenantId !== this.tenantId) throw new Error('This belongs to another organisation');
    return this.saved(this.unitOfWork.manager.recover(entity));
  }

  /** Runs a fixed statement in one round trip. The statement must filter by `tenant_id = app_tenant_id()`. */
  protected read<T>(statement: Statement): Promise<T[]> {
    void this.tenantId;
    return this.unitOfWork.read<T>(statement);
  }

  private async saved(work: Promise<E>): Promise<E> {
    try {
      return await work;
    } catch (error) {
      for (const [index, { field, key }] of Object.entries(this.unique)) {
        if (isDuplicate(error, index)) throw new DomainError('conflict', key, { field });
      }
      for (const [constraint, field] of Object.entries(this.references)) {
        if (!isDangling(error, constraint)) continue;
        throw new DomainError('invalid', 'validation.choice', { field });
      }
      throw error;
    }
  }

  private async one(options: FindOneOptions<E>): Promise<E> {
    const found = await this.unitOfWork.manager.findOne(this.entity, options);
    if (!found) throw new DomainError('not_found', 'errors.not_found');
    return found;
  }

  private own(id: string): FindOptionsWhere<E> {
    return { id, tenantId: this.tenantId } as FindOptionsWhere<E>;
  }

  private get tenantId(): string {
    const { tenantId } = this.unitOfWork;
    if (!tenantId) throw new Error('There is no organisation in the scope');
    return tenantId;
  }
}
