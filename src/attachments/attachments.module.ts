import { Module, type OnModuleInit } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { SubjectDocument } from '../core/http/pages/subject-document.js';
import { Attachment } from './attachment.entity.js';
import { AttachmentsApiController } from './attachments.api.controller.js';
import { AttachmentsCard } from './attachments.card.js';
import { AttachmentsPageController } from './attachments.page.controller.js';
import { AttachmentsRepository } from './attachments.repository.js';
import { ATTACHMENTS, AttachmentsService } from './attachments.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([Attachment])],
  controllers: [AttachmentsApiController, AttachmentsPageController],
  providers: [AttachmentsCard, AttachmentsRepository, AttachmentsService],
})
export class AttachmentsModule implements OnModuleInit {
  constructor(private readonly document: SubjectDocument) {}

  onModuleInit(): void {
    this.document.describe(ATTACHMENTS, ['listAttachments', 'createAttachment']);
  }
}
