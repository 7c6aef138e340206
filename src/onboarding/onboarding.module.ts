import { Module } from '@nestjs/common';
import { UsersModule } from '../users/users.module.js';
import { CompleteProfilePageController } from '../profile/onboarding/complete-profile.page.controller.js';
import { CreateTenantPageController } from '../members/onboarding/create-tenant.page.controller.js';
import { GeoIp } from '../profile/onboarding/geoip.js';
import { RevokedPageController } from './revoked.page.controller.js';
import { SuggestionsService } from '../profile/onboarding/suggestions.service.js';

@Module({
  imports: [UsersModule],
  controllers: [CompleteProfilePageController, CreateTenantPageController, RevokedPageController],
  providers: [GeoIp, SuggestionsService],
})
export class OnboardingModule {}
