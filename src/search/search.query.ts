import { Injectable, type PipeTransform } from '@nestjs/common';
import { lastText } from '../core/http/forms/form.js';
import { searchTerm } from '../core/utils/search-term.js';

/** Maximum length of what is typed, in UTF-16 units, as browsers count `maxlength`. */
export const LONGEST = 100;

/** `?q=` of a page: what was typed, and whether that is too long to be searched. */
export interface SearchQuery {
  /** Null where nothing was typed, or too much. */
  q: string | null;
  /** To show again, cut off. */
  typed: string;
  isTooLong: boolean;
}

@Injectable()
export class SearchQueryPipe implements PipeTransform<unknown, SearchQuery> {
  transform(value: unknown): SearchQuery {
    const text = searchTerm(lastText(value) ?? '');
    const isTooLong = text.length > LONGEST;
    return {
      q: isTooLong || text === '' ? null : text,
      typed: text.slice(0, LONGEST).toWellFormed(),
      isTooLong,
    };
  }
}
