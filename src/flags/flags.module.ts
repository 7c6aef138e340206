import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Features } from '../core/flags/features.js';
import { CurrentFeatures } from './current-features.js';
import { FlagOverride } from './flag-override.entity.js';
import { FlagRollout } from './flag-rollout.entity.js';
import { FlagsPageController } from './flags.page.controller.js';
import { FlagsRepository } from './flags.repository.js';
import { FlagsService } from './flags.service.js';

/** Global: every feature asks which features are on. */
@Global()
@Module({
  imports: [TypeOrmModule.forFeature([FlagOverride, FlagRollout])],
  controllers: [FlagsPageController],
  providers: [
    CurrentFeatures,
    { provide: Features, useExisting: CurrentFeatures },
    FlagsRepository,
    FlagsService,
  ],
  exports: [Features, FlagsService],
})
export class FlagsModule {}
