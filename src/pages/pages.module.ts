import { Module, type DynamicModule } from '@nestjs/common';
import type { AppConfig } from '../core/config/config.js';
import { UsersModule } from '../users/users.module.js';
import { AccountPageController } from './account.page.controller.js';
import { DashboardPageController } from './dashboard.page.controller.js';
import { DevComponentsPageController } from './dev-components.page.controller.js';
import { DevMailPageController } from './dev-mail.page.controller.js';
import { HomePageController } from './home.page.controller.js';
import { MediaController } from './media.controller.js';
import { PreferencesPageController } from './preferences.page.controller.js';
import { ProfilePage } from './profile-page.js';
import { ProfilePageController } from './profile.page.controller.js';

@Module({})
export class PagesModule {
  /** The pages under `/dev` do not exist in production; see `LoopbackOnly` for the rest. */
  static forConfig(config: AppConfig): DynamicModule {
    const dev = config.isProduction ? [] : [DevMailPageController, DevComponentsPageController];
    return {
      module: PagesModule,
      imports: [UsersModule],
      controllers: [
        HomePageController,
        MediaController,
        DashboardPageController,
        ProfilePageController,
        AccountPageController,
        PreferencesPageController,
        ...dev,
      ],
      providers: [ProfilePage],
    };
  }
}
