import { In, type EntityTarget, type FindOptionsWhere, type ObjectLiteral } from 'typeorm';
import { stableText } from '../utils/stable-text.js';
import { touchLocked } from './locked-rows.js';
import type { TenantScopedEntity } from './tenant-scoped.entity.js';
import { TenantScopedRepository } from './tenant-scoped.repository.js';
import type { UnitOfWork } from './unit-of-work.js';

/** A row with lines, which have no life of their own. */
export interface WithLines extends TenantScopedEntity {
  lines: object[];
  version: number;
}

/** The table of the lines: its entity, with `position` and `details`, and the property that leads to the row. */
export interface LinesOf {
  entity: EntityTarget<ObjectLiteral>;
  parent: string;
}

type Line = ObjectLiteral & { details: object };

/** Rows that are read and written together with their lines, under one version: that of the row. */
export abstract class WithLinesRepository<E extends WithLines> extends TenantScopedRepository<E> {
  /** The lines of locked rows, as they were read. */
  private readonly known = new WeakMap<E, string>();

  constructor(
    unitOfWork: UnitOfWork,
    entity: EntityTarget<E>,
    private readonly of: LinesOf,
  ) {
    super(unitOfWork, entity);
  }

  override async get(id: string): Promise<E> {
    return this.filled(await super.get(id));
  }

  /** One statement for the lines of all. */
  override async many(ids: readonly string[]): Promise<E[]> {
    const rows = await super.many(ids);
    const lines = await this.find(rows.map(({ id }) => id));
    return rows.map((row) => this.fill(row, lines));
  }

  override async lock(id: string, options: { evenDeleted?: boolean } = {}): Promise<E> {
    const row = await this.filled(await super.lock(id, options));
    this.known.set(row, stableText(row.lines));
    return row;
  }

  override async add(entity: E): Promise<E> {
    const added = await super.add(entity);
    await this.insert(added);
    return added;
  }

  /** Lines that have changed are replaced, all of them; the row gets a new version then too. */
  override async save(entity: E): Promise<E> {
    const { version } = entity;
    const saved = await super.save(entity);
    if (this.known.get(entity) === stableText(entity.lines)) return saved;
    const { manager } = this.unitOfWork;
    await manager.delete(this.of.entity, this.where([entity.id]));
    await this.insert(saved);
    if (saved.version === version) await touchLocked(manager, saved);
    return saved;
  }

  private async filled(row: E): Promise<E> {
    return this.fill(row, await this.find([row.id]));
  }

  private fill(row: E, lines: readonly Line[]): E {
    const own = lines.filter((line) => line[this.of.parent] === row.id);
    row.lines = own.map(({ details }) => details);
    return row;
  }

  private async find(ids: readonly string[]): Promise<Line[]> {
    if (ids.length === 0) return [];
    const lines = await this.unitOfWork.manager.find(this.of.entity, {
      where: this.where(ids),
      order: { position: 'ASC' },
    });
    return lines as Line[];
  }

  /** In one statement. */
  private async insert(row: E): Promise<void> {
    if (row.lines.length === 0) return;
    const lines = row.lines.map((line, index) => ({
      ...line,
      tenantId: row.tenantId,
      [this.of.parent]: row.id,
      position: index + 1,
    }));
    await this.unitOfWork.manager.insert(this.of.entity, lines);
  }

  private where(ids: readonly string[]): FindOptionsWhere<ObjectLiteral> {
    return { tenantId: this.unitOfWork.tenantId, [this.of.parent]: In([...ids]) };
  }
}
