import { readdir } from 'node:fs/promises';
import { Module, type DynamicModule, type Provider, type Type } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { ProjectsModule } from '../projects/projects.module.js';
import { TenantsModule } from '../tenants/tenants.module.js';
import { UsersModule } from '../users/users.module.js';
import { AdminShell } from '../core/back-office/admin-shell.js';
import { AdminWords } from '../core/back-office/admin-words.js';
import { AdminEntity } from '../core/back-office/admin-entity.js';
import { BackOffice } from '../core/back-office/back-office.js';
import { ChangesPage } from '../core/back-office/changes-page.js';
import { ChangesPageController } from '../core/back-office/changes.page.controller.js';
import { FlagsPageController } from '../flags/flags.page.controller.js';
import { JobAdministration } from './job-administration.service.js';
import { ActOnBehalfPageController } from '../impersonation/start-impersonation.page.controller.js';
import { RecordPresenter } from '../core/back-office/record.presenter.js';
import { RecordsPage } from '../core/back-office/records-page.js';
import { RecordsPageController } from '../core/back-office/records.page.controller.js';
import { RecordsRepository } from '../core/back-office/records.repository.js';
import { StartPageController } from './start.page.controller.js';
import { StatisticsRepository } from './statistics.repository.js';
import { StatisticsService } from './statistics.service.js';
import { WithinOrganisation } from '../core/back-office/within-organisation.js';

@Module({})
export class AdminModule {
  /** With every declaration there is in `registry/`. */
  static async withRegistry(): Promise<DynamicModule> {
    const parts: Provider[] = [
      AdminShell,
      AdminWords,
      BackOffice,
      ChangesPage,
      JobAdministration,
      RecordPresenter,
      RecordsPage,
      RecordsRepository,
      StatisticsRepository,
      StatisticsService,
      WithinOrganisation,
    ];
    return {
      module: AdminModule,
      imports: [DiscoveryModule, ProjectsModule, TenantsModule, UsersModule],
      // The pages of entities come last: their addresses would take in any other.
      controllers: [
        StartPageController,
        FlagsPageController,
        ActOnBehalfPageController,
        ChangesPageController,
        RecordsPageController,
      ],
      providers: [...parts, ...(await declarations())],
    };
  }
}

/** The classes of `registry/*.admin.ts`. */
async function declarations(): Promise<Type[]> {
  const folder = new URL('./registry/', import.meta.url);
  const files = (await readdir(folder)).filter((file) => /^[\w-]+\.admin\.(ts|js)$/.test(file));
  const modules = await Promise.all(
    files.sort().map((file) => import(new URL(file, folder).href) as Promise<object>),
  );
  const all = modules.flatMap((module) => Object.values(module) as Type[]);
  return all.filter(({ prototype }) => prototype instanceof AdminEntity);
}
