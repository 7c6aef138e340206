import { Module } from '@nestjs/common';
import { SecondFactorModule } from '../second-factor/second-factor.module.js';
import { UsersModule } from '../users/users.module.js';
import { Challenges } from './challenges.js';
import { PasskeyEndpointsController } from './passkey-endpoints.controller.js';
import { PasskeyFactor } from './passkey.factor.js';
import { PasskeyProofs } from './passkey-proofs.service.js';
import { PasskeySignIn } from './passkey-sign-in.service.js';
import { PasskeySignInApiController } from './passkey-sign-in.api.controller.js';
import { PasskeySignInPageController } from './passkey-sign-in.page.controller.js';
import { PasskeysApiController } from './passkeys.api.controller.js';
import { PasskeysCard } from './passkeys.card.js';
import { PasskeysPageController } from './passkeys.page.controller.js';
import { PasskeysRepository } from './passkeys.repository.js';
import { PasskeysService } from './passkeys.service.js';
import { WebAuthn } from './webauthn.js';

@Module({
  imports: [UsersModule, SecondFactorModule],
  controllers: [
    PasskeyEndpointsController,
    PasskeySignInApiController,
    PasskeySignInPageController,
    PasskeysApiController,
    PasskeysPageController,
  ],
  providers: [
    Challenges,
    PasskeyFactor,
    PasskeyProofs,
    PasskeySignIn,
    PasskeysCard,
    PasskeysRepository,
    PasskeysService,
    WebAuthn,
  ],
  exports: [PasskeysService],
})
export class PasskeysModule {}
