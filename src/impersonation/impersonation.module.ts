import { Module } from '@nestjs/common';
import { MembersModule } from '../members/members.module.js';
import { UsersModule } from '../users/users.module.js';
import { EndImpersonationPageController } from './end-impersonation.page.controller.js';
import { ImpersonationRepository } from './impersonation.repository.js';
import { ImpersonationService } from './impersonation.service.js';
import { StartImpersonationPageController } from './start-impersonation.page.controller.js';

@Module({
  imports: [UsersModule, MembersModule],
  controllers: [StartImpersonationPageController, EndImpersonationPageController],
  providers: [ImpersonationRepository, ImpersonationService],
  exports: [ImpersonationService],
})
export class ImpersonationModule {}
