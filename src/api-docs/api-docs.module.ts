import { Module } from '@nestjs/common';
import { ApiDocsPageController } from './api-docs.page.controller.js';
import { ApiReference } from './api-reference.service.js';

@Module({
  controllers: [ApiDocsPageController],
  providers: [ApiReference],
  exports: [ApiReference],
})
export class ApiDocsModule {}
