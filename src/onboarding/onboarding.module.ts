import { Module } from '@nestjs/common';
import { MembersModule } from '../members/members.module.js';
import { ProfileModule } from '../profile/profile.module.js';
import { OnboardingApiController } from './onboarding.api.controller.js';
import { RevokedPageController } from './revoked.page.controller.js';

@Module({
  imports: [MembersModule, ProfileModule],
  controllers: [OnboardingApiController, RevokedPageController],
})
export class OnboardingModule {}
