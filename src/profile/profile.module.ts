import { Module } from '@nestjs/common';
import { MembersModule } from '../members/members.module.js';
import { PasskeysModule } from '../passkeys/passkeys.module.js';
import { UsersModule } from '../users/users.module.js';
import { AccountPageController } from './account.page.controller.js';
import { AccountService } from './account.service.js';
import { MeApiController } from './me.api.controller.js';
import { MePresenter } from './me.dto.js';
import { CompleteProfilePageController } from './onboarding/complete-profile.page.controller.js';
import { GeoIp } from './onboarding/geoip.js';
import { SuggestionsService } from './onboarding/suggestions.service.js';
import { PreferencesPageController } from './preferences.page.controller.js';
import { ProfilePage } from './profile-page.js';
import { ProfileAdmin } from './profile.admin.js';
import { ProfilePageController } from './profile.page.controller.js';
import { ProfilesService } from './profiles.service.js';
import { SecurityPageController } from './security.page.controller.js';
import { SessionsApiController } from './sessions.api.controller.js';
import { WellKnownController } from './well-known.controller.js';

@Module({
  imports: [UsersModule, MembersModule, PasskeysModule],
  controllers: [
    AccountPageController,
    CompleteProfilePageController,
    MeApiController,
    PreferencesPageController,
    ProfilePageController,
    SecurityPageController,
    SessionsApiController,
    WellKnownController,
  ],
  providers: [
    AccountService,
    GeoIp,
    MePresenter,
    ProfileAdmin,
    ProfilePage,
    ProfilesService,
    SuggestionsService,
  ],
  exports: [MePresenter, ProfilesService],
})
export class ProfileModule {}
