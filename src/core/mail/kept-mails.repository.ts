import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../database/unit-of-work.js';
import type { KeptMail } from './kept-mail.entity.js';

/** As many as the page shows; older ones make room. */
const KEPT_AT_MOST = 5_000;

const COLUMNS = `id, "to", subject, text, html, created_at AS "createdAt"`;

@Injectable()
export class KeptMailsRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async keep(mail: Omit<KeptMail, 'id' | 'createdAt'>): Promise<void> {
    const { to, subject, text, html } = mail;
    await this.unitOfWork.through('outbox', async () => {
      await this.unitOfWork.execute(
        'INSERT INTO kept_mail ("to", subject, text, html) VALUES ($1, $2, $3, $4)',
        [to, subject, text, html],
      );
      await this.unitOfWork.execute(
        `DELETE FROM kept_mail WHERE created_at <
           (SELECT created_at FROM kept_mail ORDER BY created_at DESC OFFSET $1 LIMIT 1)`,
        [KEPT_AT_MOST],
      );
    });
  }

  /** Oldest first. */
  all(): Promise<KeptMail[]> {
    return this.unitOfWork.read<KeptMail>(
      { name: 'kept-mails', text: `SELECT ${COLUMNS} FROM kept_mail ORDER BY created_at, id` },
      'outbox',
    );
  }

  async find(id: string): Promise<KeptMail | null> {
    const [mail] = await this.unitOfWork.read<KeptMail>(
      { name: 'kept-mail', text: `SELECT ${COLUMNS} FROM kept_mail WHERE id = $1`, values: [id] },
      'outbox',
    );
    return mail ?? null;
  }
}
