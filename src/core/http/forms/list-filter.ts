import { HintField } from './fields.js';

/** Query of the page of a list; invalid values are ignored. Features add their filters and orders. */
export abstract class ListFilter {
  @HintField(/^[^\p{Cc}]{1,200}$/u) q?: string;
  /** A cursor from a previous response. */
  @HintField(/^.{1,2000}$/s) page?: string;
}
