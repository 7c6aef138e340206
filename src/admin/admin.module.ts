import { Module } from '@nestjs/common';
import { AdminSearchPageController } from '../core/back-office/finding/search.page.controller.js';
import { ChangesPageController } from '../core/back-office/changes.page.controller.js';
import { RecordsPageController } from '../core/back-office/records.page.controller.js';
import { DeadLetterAdmin } from './dead-letter.admin.js';
import { JobAdministration } from './job-administration.service.js';
import { JobAdmin } from './job.admin.js';
import { CapturedMailAdmin } from './captured-mail.admin.js';
import { StartPageController } from './start.page.controller.js';
import { StatisticsRepository } from './statistics.repository.js';
import { StatisticsService } from './statistics.service.js';

@Module({
  // Entity pages are registered last: `/admin/:entity/` would match the paths of the others.
  controllers: [
    StartPageController,
    AdminSearchPageController,
    ChangesPageController,
    RecordsPageController,
  ],
  providers: [
    DeadLetterAdmin,
    JobAdmin,
    JobAdministration,
    CapturedMailAdmin,
    StatisticsRepository,
    StatisticsService,
  ],
})
export class AdminModule {}
