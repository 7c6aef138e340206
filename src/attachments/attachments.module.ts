import { Module, type OnModuleInit } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { installedFeatures } from '../core/features/registry.js';
import { SubjectDocument } from '../core/http/pages/subject-document.js';
import { Attachment } from './attachment.entity.js';
import { AttachmentsApiController } from './attachments.api.controller.js';
import { AttachmentsCard } from './attachments.card.js';
import { AttachmentsPageController } from './attachments.page.controller.js';
import { AttachmentsRepository } from './attachments.repository.js';
import { AttachmentsService } from './attachments.service.js';
import { ATTACHMENTS, fileFieldProblems, fileFields } from './file-fields.js';

@Module({
  imports: [TypeOrmModule.forFeature([Attachment])],
  controllers: [AttachmentsApiController, AttachmentsPageController],
  providers: [AttachmentsCard, AttachmentsRepository, AttachmentsService],
})
export class AttachmentsModule implements OnModuleInit {
  constructor(private readonly document: SubjectDocument) {}

  onModuleInit(): void {
    const problems = fileFieldProblems(installedFeatures());
    if (problems.length > 0) throw new Error(problems.join('\n'));
    this.document.describe(ATTACHMENTS, ['listAttachments', 'createAttachment'], (kind) => {
      const names = fileFields(kind).map(({ name }) => `\`${name}\``);
      return names.length === 0 ? '' : `, fields: ${names.join(', ')}`;
    });
  }
}
