import type { Type } from '@nestjs/common';
import type { ColumnDescription, EntityDescription } from '../database/schema/entity-catalogue.js';
import type { ListOrder } from '../database/keyset.js';
import { canonicalPart } from '../utils/email-address.js';
import type { AdminEntity, Filters, InWords, Order } from './admin-entity.js';

/** A declaration combined with the metadata of its entity. A mistake in it stops the start. */
export class ListedEntity {
  /** The displayed columns, the id included. */
  readonly columns: readonly ColumnDescription[];
  readonly id: ColumnDescription;
  readonly title: ColumnDescription;
  /** Columns of the list, and those that row names are made of. */
  readonly list: readonly ColumnDescription[];
  readonly alsoRead: readonly ColumnDescription[];
  readonly foundByIds: readonly ColumnDescription[];
  readonly filters: Filters;
  /** Whether the entity has soft deletion. */
  readonly keepsDeleted: boolean;

  constructor(
    readonly declared: AdminEntity,
    private readonly description: EntityDescription,
    actor: Type,
    /** The feature that declares it, whose file of texts names it. */
    readonly feature: string,
  ) {
    const hidden = new Set<string>(declared.hidden);
    this.columns = description.columns
      .filter(({ property }) => !hidden.has(property))
      .map((column) => (ACTOR.test(column.name) ? leadingTo(actor, column) : column))
      .sort((a, b) => lateness(a) - lateness(b));
    this.id = this.columns.find(({ isPrimary }) => isPrimary) ?? this.missing('id');
    this.title = this.column(declared.title);
    this.list = declared.list.map((property) => this.column(property));
    this.alsoRead = declared.alsoRead.map((property) => this.column(property));
    this.foundByIds = declared.foundByIds.map((property) => this.column(property));
    this.keepsDeleted = this.columns.some(({ name }) => name === 'deleted_at');
    this.filters = { ...this.states(), ...declared.filters };
    for (const property of [...Object.keys(declared.orders), declared.search ?? declared.title]) {
      this.column(property);
    }
  }

  get path(): string {
    return this.declared.path;
  }

  get table(): string {
    return this.description.table;
  }

  /** The URL of the list; with `below`: of a row or an action. */
  address(...below: string[]): string {
    return ['/admin', this.path, ...below].join('/') + '/';
  }

  /** The order by name: `created_at`, or `-created_at` for the reverse. */
  order(name: string | null): ListOrder {
    const orders = Object.entries<Order>(this.declared.orders);
    const column = name?.replace(/^-/, '');
    const found = orders.find(([property]) => this.column(property).name === column);
    const [property, order] = found ?? orders[0] ?? this.missing('order');
    const isDescending = found ? name!.startsWith('-') : Boolean(order.descending);
    return this.orderBy(property, order, isDescending);
  }

  /** The order of search results. */
  get searchOrder(): ListOrder | null {
    const search: string | undefined = this.declared.search;
    const order = search && this.searched;
    return order ? this.orderBy(search, order, false) : null;
  }

  /** The search term in the column's spelling. */
  spelled(q: string): string {
    return this.searched?.isAddress ? canonicalPart(q) : q;
  }

  /** What is looked for anywhere in a text, with addresses in canonical spelling. */
  inSpelling(q: string): string {
    return q.includes('@') ? canonicalPart(q) : q;
  }

  /** SQL that folds a search term like the key of `searchOrder`. */
  folded(parameter: string): string {
    const fold = this.searched?.fold;
    return fold ? `${fold}(${parameter})` : parameter;
  }

  /** The declared values of a column, if any. */
  wordsOf(name: string): readonly string[] | undefined {
    const words: Partial<Record<string, readonly string[]>> = this.declared.words;
    const column = this.columns.find((each) => each.name === name);
    return column && words[column.property];
  }

  /** The SQL expression that replaces the column of this property, if any. */
  readAs(property: string): string | undefined {
    const instead: Partial<Record<string, string>> = this.declared.readAs;
    return instead[property];
  }

  /** The formatter of this property, if any. */
  inWords(property: string): InWords | undefined {
    const all: Partial<Record<string, InWords>> = this.declared.inWords;
    return all[property];
  }

  private get searched(): Order | undefined {
    const { search, orders }: { search?: string; orders: Record<string, Order> } = this.declared;
    return search === undefined ? undefined : orders[search];
  }

  private orderBy(property: string, order: Order, descending: boolean): ListOrder {
    const { name, isNullable } = this.column(property);
    if (isNullable && !order.column) return this.missing(`order: ${property} may be null`);
    const column = `r.${order.column ?? name}`;
    const folded = order.fold && !order.column ? `${order.fold}(${column})` : column;
    const text = `${folded} COLLATE "C"`;
    return {
      name: `${descending ? '-' : ''}${name}`,
      key: order.type === 'text' ? text : column,
      type: order.type,
      id: `r.${this.id.name}`,
      idType: this.id.type === 'uuid' ? 'uuid' : 'integer',
      descending,
    };
  }

  /** Filter by active, inactive and deleted, as far as the entity has these states. */
  private states(): Filters {
    const isSwitched = this.columns.some(({ name }) => name === 'is_active');
    if (!isSwitched) return {};
    const deleted: Record<string, string> = this.keepsDeleted
      ? { deleted: 'r.deleted_at IS NOT NULL' }
      : {};
    return { state: { active: 'r.is_active', inactive: 'NOT r.is_active', ...deleted } };
  }

  private column(property: string): ColumnDescription {
    return this.columns.find((each) => each.property === property) ?? this.missing(property);
  }

  private missing(what: string): never {
    throw new Error(`${this.declared.constructor.name}: there is no ${what}`);
  }
}

/** Actor columns. They have no foreign key, so that writes need no look-up, and refer to the actor entity. */
const ACTOR = /^(created_by|updated_by|deleted_by|actor_id|staff_id)$/;

function leadingTo(target: Type, column: ColumnDescription): ColumnDescription {
  const property = column.name.replace(/_id$/, '');
  return { ...column, relation: { target, property } };
}

/** Sorts common columns (ids, audit columns) after the entity's own. */
function lateness({ name }: ColumnDescription): number {
  return COMMON.indexOf(name);
}

const COMMON = [
  'version',
  'created_at',
  'created_by',
  'updated_at',
  'updated_by',
  'deleted_at',
  'deleted_by',
];
