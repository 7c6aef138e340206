import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { FeatureFlags } from '../core/flags/feature-flags.js';
import { CurrentFeatureFlags } from './current-feature-flags.js';
import { FlagOverride } from './flag-override.entity.js';
import { FlagRollout } from './flag-rollout.entity.js';
import { FlagsPageController } from './flags.page.controller.js';
import { FlagsRepository } from './flags.repository.js';
import { FlagsService } from './flags.service.js';

/** Global: every feature evaluates flags. */
@Global()
@Module({
  imports: [TypeOrmModule.forFeature([FlagOverride, FlagRollout])],
  controllers: [FlagsPageController],
  providers: [
    CurrentFeatureFlags,
    { provide: FeatureFlags, useExisting: CurrentFeatureFlags },
    FlagsRepository,
    FlagsService,
  ],
  exports: [FeatureFlags, FlagsService],
})
export class FlagsModule {}
