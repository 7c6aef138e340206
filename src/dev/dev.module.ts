import { Module } from '@nestjs/common';
import { DevComponentsPageController } from './dev-components.page.controller.js';
import { DevMailPageController } from './dev-mail.page.controller.js';

@Module({ controllers: [DevComponentsPageController, DevMailPageController] })
export class DevModule {}
