import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { CountryAdmin } from './country.admin.js';
import { Country } from './country.entity.js';
import { CurrencyAdmin } from './currency.admin.js';
import { Currency } from './currency.entity.js';
import { LanguageAdmin } from './language.admin.js';
import { Language } from './language.entity.js';
import { ReferenceOptions } from './reference-options.js';
import { ReferenceApiController } from './reference.api.controller.js';
import { ReferenceRepository } from './reference.repository.js';
import { TimezoneAdmin } from './timezone.admin.js';
import { Timezone } from './timezone.entity.js';

@Global()
@Module({
  imports: [TypeOrmModule.forFeature([Country, Currency, Language, Timezone])],
  controllers: [ReferenceApiController],
  providers: [
    CountryAdmin,
    CurrencyAdmin,
    LanguageAdmin,
    ReferenceOptions,
    ReferenceRepository,
    TimezoneAdmin,
  ],
  exports: [ReferenceOptions, ReferenceRepository],
})
export class ReferenceModule {}
