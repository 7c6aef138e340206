import { Injectable } from '@nestjs/common';
import type { Principal } from '../core/context/principal.js';
import type { TextKey } from '../core/i18n/text-keys.js';
import { DestinationsService } from './destinations.service.js';
import { presentDestinations, presentKind, type FoundGroup } from './search.presenter.js';
import type { SearchQuery } from './search.query.js';
import { SearchService } from './search.service.js';

/** What page and palette show. */
export interface SearchResults {
  groups: FoundGroup[];
  /** Number of links. */
  count: number;
  /** What was searched for; null: pages and actions to begin with. */
  q: string | null;
  isTooLong: boolean;
  /** Names of what may be searched besides pages and actions. */
  kinds: TextKey[];
}

/** Everything a person finds: pages, actions, and rows of each kind. */
@Injectable()
export class SearchResultsService {
  constructor(
    private readonly destinations: DestinationsService,
    private readonly search: SearchService,
  ) {}

  async resultsFor(me: Principal, { q, isTooLong }: SearchQuery): Promise<SearchResults> {
    const rows = q === null ? [] : await this.search.find(me, q);
    const pages = isTooLong ? [] : this.destinations.pagesFor(me, q);
    const actions = isTooLong ? [] : this.destinations.actionsFor(me, q);
    const groups = [
      presentDestinations('pages', 'search.groups.pages', pages),
      presentDestinations('actions', 'search.groups.actions', actions),
      ...rows.map((kind) => presentKind(kind, q ?? '')),
    ].filter(({ links }) => links.length > 0);
    return {
      groups,
      count: groups.reduce((sum, { links }) => sum + links.length, 0),
      q,
      isTooLong,
      kinds: this.search.kindsFor(me).map(([, { text }]) => text),
    };
  }
}
