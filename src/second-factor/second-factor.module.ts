import { Module } from '@nestjs/common';
import { UsersModule } from '../users/users.module.js';
import { SecurityPolicyPageController } from './organisation/security.page.controller.js';
import { SecurityRepository } from './organisation/security.repository.js';
import { SecurityService } from './organisation/security.service.js';
import { FactorsService } from './factors.service.js';
import { SecondFactorFigures } from './figures/second-factor-figures.js';
import { SecondFactorFiguresRepository } from './figures/second-factor-figures.repository.js';
import { RecoveryCodeFactor } from './recovery-code.factor.js';
import { RecoveryCodesRepository } from './recovery-codes.repository.js';
import { SecondFactorCard } from './second-factor.card.js';
import { SecondFactorSettingsPageController } from './second-factor.page.controller.js';
import { TotpFactor } from './totp.factor.js';
import { TotpRepository } from './totp.repository.js';

@Module({
  imports: [UsersModule],
  controllers: [SecondFactorSettingsPageController, SecurityPolicyPageController],
  providers: [
    FactorsService,
    RecoveryCodeFactor,
    RecoveryCodesRepository,
    SecondFactorCard,
    SecondFactorFigures,
    SecondFactorFiguresRepository,
    SecurityRepository,
    SecurityService,
    TotpFactor,
    TotpRepository,
  ],
  exports: [RecoveryCodeFactor],
})
export class SecondFactorModule {}
