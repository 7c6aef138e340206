import { Module } from '@nestjs/common';
import { BillingPageController } from './billing.page.controller.js';

@Module({ controllers: [BillingPageController] })
export class BillingModule {}
