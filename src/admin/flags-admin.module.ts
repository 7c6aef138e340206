import { Module } from '@nestjs/common';
import { FlagsPageController } from './flags.page.controller.js';

@Module({ controllers: [FlagsPageController] })
export class FlagsAdminModule {}
