import { Global, Module } from '@nestjs/common';
import { AdminSearchPageController } from '../core/back-office/finding/search.page.controller.js';
import { ChangesPageController } from '../core/back-office/changes.page.controller.js';
import { RecordsPageController } from '../core/back-office/records.page.controller.js';
import { RecordNotes } from '../core/back-office/ports/record-notes.js';
import { SavedLists } from '../core/back-office/ports/saved-lists.js';
import { ListCsv } from './export/list-csv.js';
import { ListCsvPageController } from './export/list-csv.page.controller.js';
import { OrganisationNotes } from './notes/organisation-notes.js';
import { StaffNotesPageController } from './notes/staff-notes.page.controller.js';
import { StaffNotesRepository } from './notes/staff-notes.repository.js';
import { StaffNotesService } from './notes/staff-notes.service.js';
import { SavedListsPageController } from './saved/saved-lists.page.controller.js';
import { SavedListsRepository } from './saved/saved-lists.repository.js';
import { SavedListsService } from './saved/saved-lists.service.js';
import { DeadLetterAdmin } from './dead-letter.admin.js';
import { JobAdministration } from './job-administration.service.js';
import { JobAdmin } from './job.admin.js';
import { CapturedMailAdmin } from './captured-mail.admin.js';
import { StartPageController } from './start.page.controller.js';
import { StatisticsRepository } from './statistics.repository.js';
import { StatisticsService } from './statistics.service.js';

@Global()
@Module({
  // Entity pages are registered last: `/admin/:entity/` would match the paths of the others.
  controllers: [
    StartPageController,
    AdminSearchPageController,
    ListCsvPageController,
    StaffNotesPageController,
    SavedListsPageController,
    ChangesPageController,
    RecordsPageController,
  ],
  providers: [
    DeadLetterAdmin,
    JobAdmin,
    JobAdministration,
    CapturedMailAdmin,
    ListCsv,
    SavedListsRepository,
    SavedListsService,
    StaffNotesRepository,
    StaffNotesService,
    { provide: RecordNotes, useClass: OrganisationNotes },
    { provide: SavedLists, useExisting: SavedListsService },
    StatisticsRepository,
    StatisticsService,
  ],
  exports: [RecordNotes, SavedLists],
})
export class AdminModule {}
