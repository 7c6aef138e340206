import { Module, type OnModuleInit } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { SubjectDocument } from '../core/http/pages/subject-document.js';
import { Comment } from './comment.entity.js';
import { CommentsApiController } from './comments.api.controller.js';
import { CommentsCard } from './comments.card.js';
import { CommentsPageController } from './comments.page.controller.js';
import { CommentsRepository } from './comments.repository.js';
import { COMMENTS, CommentsService } from './comments.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([Comment])],
  controllers: [CommentsApiController, CommentsPageController],
  providers: [CommentsCard, CommentsRepository, CommentsService],
})
export class CommentsModule implements OnModuleInit {
  constructor(private readonly document: SubjectDocument) {}

  onModuleInit(): void {
    this.document.describe(COMMENTS, ['listComments', 'createComment']);
  }
}
