import { Module } from '@nestjs/common';
import { SiteFilesController } from './site-files.controller.js';
import { SitePageController } from './site.page.controller.js';
import { StatusPageController } from './status.page.controller.js';

@Module({ controllers: [SitePageController, StatusPageController, SiteFilesController] })
export class SiteModule {}
