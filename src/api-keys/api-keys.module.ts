import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ApiDocsModule } from '../api-docs/api-docs.module.js';
import { ApiKey } from './api-key.entity.js';
import { ApiKeysPageController } from './api-keys.page.controller.js';
import { ApiKeysRepository } from './api-keys.repository.js';
import { ApiKeysService } from './api-keys.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([ApiKey]), ApiDocsModule],
  controllers: [ApiKeysPageController],
  providers: [ApiKeysRepository, ApiKeysService],
  exports: [ApiKeysService],
})
export class ApiKeysModule {}
