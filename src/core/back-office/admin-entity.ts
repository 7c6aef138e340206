import type { Type } from '@nestjs/common';
import type { Principal } from '../context/principal.js';
import type { FoundBy } from './finding/found-by.js';
import type { Row } from './row.js';

/** Name of a property of the entity class. */
export type Property<E> = Extract<keyof E, string>;

/** The groups of the navigation, in this order. */
export const GROUPS = ['customers', 'operations', 'reference'] as const;

/** A sort order of the list, ascending or descending. An index must exist for it, ending in `id`. */
export interface Order {
  type: 'text' | 'time';
  /** SQL function applied to the text before sorting and prefix search. */
  fold?: 'lower' | 'app_search_text';
  /** The text is (or begins with) an e-mail address: searched in canonical spelling. */
  isAddress?: boolean;
  /** Another column that holds the sort key of this one, already folded. */
  column?: string;
  descending?: boolean;
}

/** An action of superusers on rows; texts under `actions.<name>` of the entity or the kit. */
export interface Action {
  icon: string;
  /** May be applied to several rows of the list at once. */
  isBulk?: boolean;
  isDangerous?: boolean;
  /** After the action the row is in no list. */
  isGoneAfterwards?: boolean;
  /** Whether the action applies to this row. */
  isOffered(row: Row): boolean;
  /** Calls the service of the feature. @throws DomainError a refusal, which is shown */
  run(me: Principal, row: Row): Promise<void>;
}

/** An action with a page of its own, at `<path of the row>/<name>/`. */
export interface OwnPage extends Pick<Action, 'icon' | 'isOffered'> {
  /** Also for staff who are no superusers: it changes nothing. */
  isForAllStaff?: true;
}

/** A page of superusers about no row in particular, at `<path of the list>/<name>/`. */
export interface ListPage {
  icon: string;
  isOffered(): boolean;
}

/** The fields that superusers may change: those of `form`, by column name. */
export interface Editing<F extends object = object> {
  /** A class described with `core/http/forms/fields.ts`; a field `version` detects stale forms. */
  form: Type<F>;
  /** Optional fields of it that are not offered, as those that lead to members: `save` is not given them. */
  except?: readonly string[];
  /** Whether the action applies to this row. */
  isOffered?(row: Row): boolean;
  /** Calls the service of the feature. @throws DomainError a refusal, which is shown */
  save(me: Principal, row: Row, input: F): Promise<void>;
}

/** SQL conditions on the table `r`, by name of the filter and choice. */
export type Filters = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Formats the value of a column as text; `row` has the other columns that were read. */
export type InWords = (value: unknown, row: Row) => string;

/**
 * An entity of the back office. Columns, types, relations and secrets (`select: false`, never read) come from
 * TypeORM's metadata. A provider of this class in a feature's module (`<name>.admin.ts`) adds an entity.
 */
export abstract class AdminEntity<E extends object = object> {
  abstract readonly entity: Type<E>;
  /** Path segment (`/admin/users/`) and text key (`<feature>.entities.users`). */
  abstract readonly path: string;
  abstract readonly group: (typeof GROUPS)[number];
  abstract readonly icon: string;
  /** Position in its group of the navigation, lowest first. */
  readonly position: number = 100;
  /** The property that names a row. */
  abstract readonly title: Property<E>;
  /**
   * Computes the name of a row from `title` and `alsoRead`, where no column holds it; `say` translates a
   * word.
   */
  nameOf?(row: Row, say: (word: string) => string): string;
  /** Columns that are shown as formatted text. */
  readonly inWords: Partial<Record<Property<E>, InWords>> = {};
  /** Columns that are read for `nameOf` only. */
  readonly alsoRead: ReadonlyArray<Property<E>> = [];
  /** SQL expressions on the table `r` that replace a column. */
  readonly readAs: Partial<Record<Property<E>, string>> = {};
  /** Columns of the list besides the title. */
  abstract readonly list: ReadonlyArray<Property<E>>;
  /** Sort orders by property; the first is the default. */
  abstract readonly orders: Partial<Record<Property<E>, Order>>;

  /** The order whose text is searched by prefix. */
  readonly search?: Property<E>;
  /** Texts by any part of which rows are found, here and by the search of all lists. */
  readonly foundBy: readonly FoundBy[] = [];
  /** Columns whose ids rows are found by, besides their own. */
  readonly foundByIds: ReadonlyArray<Property<E>> = [];
  /** Whether another list shows the same by the same text, so that the search of all lists leaves this one out. */
  readonly isFoundElsewhere: boolean = false;
  /** Filters besides `state`, which entities with `is_active` or `deleted_at` have automatically. */
  readonly filters: Filters = {};
  /** SQL condition on `r` that selects the rows of this entity. */
  readonly only?: string;
  /** Columns that are not shown although they are not secret. */
  readonly hidden: ReadonlyArray<Property<E>> = [];
  /** Columns with text in which links and tokens are masked. */
  readonly masked: ReadonlyArray<Property<E>> = [];
  /** The values a column may hold, translated as `words.<word>` of the entity or the kit; choices of the form. */
  readonly words: Partial<Record<Property<E>, readonly string[]>> = {};
  /** Relations, by property: on the page of the row they lead to, the rows of this entity are listed. */
  readonly listedUnder: readonly string[] = [];
  /** Whether `created_by` and the other actor columns refer to this entity. Exactly one entity sets it. */
  readonly isActor: boolean = false;
  /** Whether the audit trail has entries about its rows. */
  readonly hasTrail: boolean = false;
  /** Whether staff write notes on its rows. */
  readonly hasNotes: boolean = false;

  readonly editing?: Editing;
  readonly actions: Readonly<Record<string, Action>> = {};
  /** Additional pages by name (text `actions.<name>.name`); the feature has a controller for them. */
  readonly pages: Readonly<Record<string, OwnPage>> = {};
  /** Additional pages for rows of other entities, by the path of the entity; texts are those of this one. */
  readonly pagesOf: Readonly<Record<string, Readonly<Record<string, OwnPage>>>> = {};
  /** Additional pages of the list by name (text `actions.<name>.name`). */
  readonly listPages: Readonly<Record<string, ListPage>> = {};
}
