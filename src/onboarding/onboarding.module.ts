import { Module } from '@nestjs/common';
import { UsersModule } from '../users/users.module.js';
import { CompleteProfilePageController } from './complete-profile.page.controller.js';
import { CreateTenantPageController } from './create-tenant.page.controller.js';
import { GeoIp } from './geoip.js';
import { RevokedPageController } from './revoked.page.controller.js';
import { SuggestionsService } from './suggestions.service.js';

@Module({
  imports: [UsersModule],
  controllers: [CompleteProfilePageController, CreateTenantPageController, RevokedPageController],
  providers: [GeoIp, SuggestionsService],
})
export class OnboardingModule {}
