import { Module } from '@nestjs/common';
import { DestinationsService } from './destinations.service.js';
import { SearchApiController } from './search.api.controller.js';
import { SearchDocument } from './search.document.js';
import { SearchPageController } from './search.page.controller.js';
import { SearchResultsService } from './search-results.service.js';
import { SearchService } from './search.service.js';

@Module({
  controllers: [SearchApiController, SearchPageController],
  providers: [DestinationsService, SearchDocument, SearchResultsService, SearchService],
})
export class SearchModule {}
