import { Module } from '@nestjs/common';
import { HomePageController } from './home.page.controller.js';

@Module({ controllers: [HomePageController] })
export class HomeModule {}
