import { Injectable } from '@nestjs/common';
import type { SubjectCardSource } from '../core/features/subject.js';
import { me } from '../core/http/access/current-user.js';
import { card, type Card } from '../core/http/pages/card.js';
import { presentDiscussion } from './comment.presenter.js';
import { CommentsService, SHOWN } from './comments.service.js';

/** The latest comments and a form for the next one, on the page of a row. */
@Injectable()
export class CommentsCard implements SubjectCardSource {
  constructor(private readonly comments: CommentsService) {}

  async subjectCard(kind: string, id: string): Promise<Card> {
    const ref = { kind, id };
    const latest = { sort: 'newest', cursor: null, limit: SHOWN } as const;
    const page = await this.comments.listed(ref, latest);
    const discussion = presentDiscussion(ref, page, me());
    return card('comments/partials/card', { ...discussion, form: null });
  }
}
