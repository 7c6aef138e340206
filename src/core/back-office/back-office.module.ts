import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { AdminShell } from './admin-shell.js';
import { AdminWords } from './admin-words.js';
import { BackOffice } from './back-office.js';
import { ChangesPage } from './changes-page.js';
import { RecordPresenter } from './record.presenter.js';
import { RecordsPage } from './records-page.js';
import { RecordsRepository } from './records.repository.js';
import { SearchPage } from './finding/search-page.js';
import { StartSections } from './start/start-sections.js';
import { WithinOrganisation } from './within-organisation.js';

const KIT = [
  AdminShell,
  AdminWords,
  BackOffice,
  ChangesPage,
  RecordPresenter,
  RecordsPage,
  RecordsRepository,
  SearchPage,
  StartSections,
  WithinOrganisation,
];

/**
 * The kit of the back office. Its two controllers are registered last: `/admin/:entity/…` would match the
 * paths of others.
 */
@Global()
@Module({
  imports: [DiscoveryModule],
  providers: KIT,
  exports: KIT,
})
export class BackOfficeModule {}
