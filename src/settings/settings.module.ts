import { Module } from '@nestjs/common';
import { SettingsPageController } from './settings.page.controller.js';

@Module({ controllers: [SettingsPageController] })
export class SettingsModule {}
