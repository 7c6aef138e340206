import { Module } from '@nestjs/common';
import { MembersModule } from '../members/members.module.js';
import { DashboardPageController } from './dashboard.page.controller.js';

@Module({ imports: [MembersModule], controllers: [DashboardPageController] })
export class DashboardModule {}
