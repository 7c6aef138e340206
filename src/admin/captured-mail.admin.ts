import { Injectable } from '@nestjs/common';
import { CapturedMail } from '../core/mail/captured-mail.entity.js';
import { AdminEntity } from '../core/back-office/admin-entity.js';

@Injectable()
export class CapturedMailAdmin extends AdminEntity<CapturedMail> {
  readonly entity = CapturedMail;
  readonly path = 'mails';
  readonly group = 'operations';
  readonly icon = 'inbox';
  override readonly position = 3;
  readonly title = 'subject';
  readonly list = ['to', 'createdAt'] as const;
  override readonly search = 'to';
  readonly orders = {
    createdAt: { type: 'time', descending: true },
    to: { type: 'text', fold: 'lower', isAddress: true },
  } as const;
  override readonly masked = ['text'] as const;
  override readonly hidden = ['html', 'sealed'] as const;
}
