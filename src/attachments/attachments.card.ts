import { Injectable } from '@nestjs/common';
import type { SubjectCardSource } from '../core/features/subject.js';
import { me } from '../core/http/access/current-user.js';
import { card, type Card } from '../core/http/pages/card.js';
import { presentAttachments } from './attachment.presenter.js';
import { AttachmentsService } from './attachments.service.js';

/** The files of a row and a form for the next one, on its page. */
@Injectable()
export class AttachmentsCard implements SubjectCardSource {
  constructor(private readonly attachments: AttachmentsService) {}

  async subjectCard(kind: string, id: string): Promise<Card> {
    const ref = { kind, id };
    const shown = presentAttachments(ref, await this.attachments.listed(ref), me());
    return card('attachments/partials/card', { ...shown, form: null });
  }
}
