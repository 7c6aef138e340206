import type { EntityTarget, FindOneOptions, FindOptionsWhere } from 'typeorm';
import { DomainError } from '../errors/domain-error.js';
import type { Statement } from './read-path/pipelined-read.js';
import type { TenantScopedEntity } from './tenant-scoped.entity.js';
import type { UnitOfWork } from './unit-of-work.js';

/**
 * Rows of the organisation in the scope, and of no other. It filters and stamps `tenant_id` itself and
 * refuses to run where there is no organisation; row-level security holds should it ever be wrong.
 * A feature extends it and adds its own queries, asked in words.
 */
export abstract class TenantScopedRepository<E extends TenantScopedEntity> {
  constructor(
    protected readonly unitOfWork: UnitOfWork,
    private readonly entity: EntityTarget<E>,
  ) {}

  /** @throws DomainError `not_found`: there is none, it is deleted, or it is someone else's */
  get(id: string): Promise<E> {
    return this.one({ where: this.own(id) });
  }

  /** Like `get`, and nobody else changes it before this unit of work ends: two at once take turns. */
  lock(id: string, { evenDeleted = false } = {}): Promise<E> {
    const lock = { mode: 'pessimistic_write' } as const;
    return this.one({ where: this.own(id), withDeleted: evenDeleted, lock });
  }

  async add(entity: E): Promise<E> {
    entity.tenantId = this.tenantId;
    return this.unitOfWork.manager.save(entity);
  }

  async save(entity: E): Promise<E> {
    if (entity.tenantId !== this.tenantId) throw new Error('This belongs to another organisation');
    return this.unitOfWork.manager.save(entity);
  }

  /** The row stays and is in no ordinary query any more. @throws DomainError `not_found` */
  async softDelete(id: string): Promise<E> {
    return this.unitOfWork.manager.softRemove(await this.lock(id));
  }

  /** Takes a deletion back. */
  async restore(entity: E): Promise<E> {
    if (entity.tenantId !== this.tenantId) throw new Error('This belongs to another organisation');
    return this.unitOfWork.manager.recover(entity);
  }

  /** A fixed statement in one round trip. It filters by `tenant_id = app_tenant_id()` itself. */
  protected read<T>(statement: Statement): Promise<T[]> {
    void this.tenantId;
    return this.unitOfWork.read<T>(statement);
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
