import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { KeptMail } from './kept-mail.entity.js';
import { KeptMailsRepository } from './kept-mails.repository.js';
import { MailDelivery } from './mail-delivery.js';
import { MailSeal } from './mail-seal.js';
import { Mailer } from './mailer.js';

@Global()
@Module({
  imports: [TypeOrmModule.forFeature([KeptMail])],
  providers: [Mailer, MailDelivery, MailSeal, KeptMailsRepository],
  exports: [Mailer, KeptMailsRepository],
})
export class MailModule {}
