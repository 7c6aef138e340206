import type { Type } from '@nestjs/common';
import type { Principal } from '../context/principal.js';
import type { AdminWords } from './admin-words.js';
import type { Row } from './row.js';

/** A property of the entity, as its class calls it. */
export type Property<E> = Extract<keyof E, string>;

/** The groups of the navigation, in this order. */
export const GROUPS = ['customers', 'operations', 'reference'] as const;

/** An order the list comes in, either way round. The database has an index for it, ending in `id`. */
export interface Order {
  type: 'text' | 'time';
  /** Text is sorted, and searched from its beginning, as this SQL function leaves it. */
  fold?: 'lower' | 'app_search_text';
  /** Text that is an address, or begins with one: found by any spelling of it. */
  isAddress?: boolean;
  /** Another column, which holds what this one is sorted by, folded already. */
  column?: string;
  descending?: boolean;
}

/** Something superusers do with rows; `i18n` has its words under `admin.actions.<name>`. */
export interface Action {
  icon: string;
  /** Can be done to several rows of the list at once. */
  isBulk?: boolean;
  isDangerous?: boolean;
  /** The row is in no list any more. */
  isGoneAfterwards?: boolean;
  /** Whether it makes sense for this row. */
  isOffered(row: Row): boolean;
  /** Calls the service whose rules it is under. @throws DomainError a refusal, which is shown */
  run(me: Principal, row: Row): Promise<void>;
}

/** Something superusers do with a row on a page of its own, `<address of the row>/<name>/`. */
export type OwnPage = Pick<Action, 'icon' | 'isOffered'>;

/** The fields superusers may change: those of `form`, by the names of their columns. */
export interface Editing<F extends object = object> {
  /** Described with the fields of `core/http/forms/fields.ts`; one called `version` tells stale forms apart. */
  form: Type<F>;
  /** Whether it makes sense for this row. */
  isOffered?(row: Row): boolean;
  /** Calls the service whose rules it is under. @throws DomainError a refusal, which is shown */
  save(me: Principal, row: Row, input: F): Promise<void>;
}

/** By name of the filter, by choice: a condition on the table `r`, in fixed SQL. */
export type Filters = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Makes a text of what a column holds. */
export type InWords = (value: unknown, words: AdminWords) => string;

/** Rows of another entity that belong to one of this: the list at `path`, by its relation `by`. */
export interface RelatedList {
  path: string;
  by: string;
}

/**
 * One entity of the back office. Everything else is read from its metadata: columns and their types,
 * relations and where they lead, and what is secret (`select: false`) and therefore never read.
 * A provider of this kind in a feature's module (`<name>.admin.ts`) is all that adding one takes.
 */
export abstract class AdminEntity<E extends object = object> {
  abstract readonly entity: Type<E>;
  /** Of its addresses, `/admin/users/`, and of its names in `i18n`: `admin.entities.users`. */
  abstract readonly path: string;
  abstract readonly group: (typeof GROUPS)[number];
  abstract readonly icon: string;
  /** In its group of the navigation: the lowest comes first. */
  readonly position: number = 100;
  /** What a row is called by. */
  abstract readonly title: Property<E>;
  /** Where that is no column: what a row is called, made of `title` and `alsoRead`. */
  nameOf?(row: Row, words: AdminWords): string;
  /** Columns that are shown as a text made of what they hold. */
  readonly inWords: Partial<Record<Property<E>, InWords>> = {};
  /** Columns that only `nameOf` looks at. */
  readonly alsoRead: ReadonlyArray<Property<E>> = [];
  /** What is read instead of a column: fixed SQL on the table `r`. */
  readonly readAs: Partial<Record<Property<E>, string>> = {};
  /** Columns of the list, beside the title. */
  abstract readonly list: ReadonlyArray<Property<E>>;
  /** By the property they sort; the first is the one the list begins with. */
  abstract readonly orders: Partial<Record<Property<E>, Order>>;

  /** The order whose text the search looks at, from its beginning. */
  readonly search?: Property<E>;
  /** Besides `state`, which whatever can be out of use or deleted has by itself. */
  readonly filters: Filters = {};
  /** Which rows of the table these are, a condition on `r`. */
  readonly only?: string;
  /** Columns that are not shown, although they are no secret. */
  readonly hidden: ReadonlyArray<Property<E>> = [];
  /** Columns with texts in which links and tokens are blotted out. */
  readonly masked: ReadonlyArray<Property<E>> = [];
  /** The words a column may hold: shown translated (`admin.words.<word>`), chosen from in the form. */
  readonly words: Partial<Record<Property<E>, readonly string[]>> = {};
  readonly related: readonly RelatedList[] = [];
  /** Whether its rows are those who act: `created_by` and its like lead here. One entity says so. */
  readonly isActor: boolean = false;
  /** Whether the audit trail tells about it. */
  readonly hasTrail: boolean = false;

  readonly editing?: Editing;
  readonly actions: Readonly<Record<string, Action>> = {};
  /** By name, which `i18n` has under `admin.actions.<name>.name`; the controller is written beside. */
  readonly pages: Readonly<Record<string, OwnPage>> = {};
}
