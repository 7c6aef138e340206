import { Module } from '@nestjs/common';
import { SampleDataPageController } from './sample-data.page.controller.js';
import { SampleDataRepository } from './sample-data.repository.js';
import { SampleData } from './sample-data.service.js';

@Module({
  controllers: [SampleDataPageController],
  providers: [SampleData, SampleDataRepository],
})
export class SampleDataModule {}
