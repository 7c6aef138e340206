import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { CapturedMail } from './captured-mail.entity.js';
import { CapturedMailsRepository } from './captured-mails.repository.js';
import { MailDelivery } from './mail-delivery.js';
import { MailEncryption } from './mail-encryption.js';
import { Mailer } from './mailer.js';

@Global()
@Module({
  imports: [TypeOrmModule.forFeature([CapturedMail])],
  providers: [Mailer, MailDelivery, MailEncryption, CapturedMailsRepository],
  exports: [Mailer, CapturedMailsRepository],
})
export class MailModule {}
