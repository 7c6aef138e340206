import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Country } from './country.entity.js';
import { Currency } from './currency.entity.js';
import { Language } from './language.entity.js';
import { ReferenceOptions } from './reference-options.js';
import { ReferenceRepository } from './reference.repository.js';
import { Timezone } from './timezone.entity.js';

@Global()
@Module({
  imports: [TypeOrmModule.forFeature([Country, Language, Timezone, Currency])],
  providers: [ReferenceRepository, ReferenceOptions],
  exports: [ReferenceRepository, ReferenceOptions],
})
export class ReferenceModule {}
