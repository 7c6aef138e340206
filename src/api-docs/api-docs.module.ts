import { Module, type OnModuleInit } from '@nestjs/common';
import { PublicPages } from '../core/http/pages/public-pages.js';
import { ApiDocsPageController } from './api-docs.page.controller.js';
import { ApiReference } from './api-reference.service.js';
import { RESOURCES } from './reference/resource.presenter.js';

@Module({
  controllers: [ApiDocsPageController],
  providers: [ApiReference],
  exports: [ApiReference],
})
export class ApiDocsModule implements OnModuleInit {
  constructor(
    private readonly pages: PublicPages,
    private readonly reference: ApiReference,
  ) {}

  onModuleInit(): void {
    this.pages.nameBelow(RESOURCES, () => this.reference.resources.map(({ href }) => href));
  }
}
