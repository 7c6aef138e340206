import { Injectable } from '@nestjs/common';
import { KeptMail } from '../core/mail/kept-mail.entity.js';
import { AdminEntity } from '../core/back-office/admin-entity.js';

@Injectable()
export class KeptMailAdmin extends AdminEntity<KeptMail> {
  readonly entity = KeptMail;
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
