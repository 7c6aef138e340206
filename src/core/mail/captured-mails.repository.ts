import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../database/unit-of-work.js';
import type { CapturedMail } from './captured-mail.entity.js';
import { MailEncryption, withoutTokens } from './mail-encryption.js';
import { outboxRole } from '../database/privileged/outbox.role.js';

/** Maximum number of captured mails; older ones are deleted. */
const KEPT_AT_MOST = 5_000;

const COLUMNS = `id, "to", subject, text, html, sealed, created_at AS "createdAt"`;

type OpenMail = Omit<CapturedMail, 'sealed'>;

@Injectable()
export class CapturedMailsRepository {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly encryption: MailEncryption,
  ) {}

  async keep(mail: Omit<OpenMail, 'id' | 'createdAt'>): Promise<void> {
    const { to, subject, text, html } = mail;
    await this.unitOfWork.runAs(outboxRole, async () => {
      await this.unitOfWork.execute(
        `INSERT INTO kept_mail ("to", subject, text, html, sealed) VALUES ($1, $2, $3, '', $4)`,
        [to, subject, withoutTokens(text), this.encryption.encryptBody(to, { text, html })],
      );
      await this.unitOfWork.execute(
        `DELETE FROM kept_mail WHERE created_at <
           (SELECT created_at FROM kept_mail ORDER BY created_at DESC OFFSET $1 LIMIT 1)`,
        [KEPT_AT_MOST],
      );
    });
  }

  /** Oldest first. */
  async all(): Promise<OpenMail[]> {
    const mails = await this.unitOfWork.read<CapturedMail>(
      { name: 'kept-mails', text: `SELECT ${COLUMNS} FROM kept_mail ORDER BY created_at, id` },
      outboxRole,
    );
    return mails.map((mail) => this.opened(mail));
  }

  async find(id: string): Promise<OpenMail | null> {
    const [mail] = await this.unitOfWork.read<CapturedMail>(
      { name: 'kept-mail', text: `SELECT ${COLUMNS} FROM kept_mail WHERE id = $1`, values: [id] },
      outboxRole,
    );
    return mail ? this.opened(mail) : null;
  }

  /** A mail encrypted with an earlier secret shows its text without tokens. */
  private opened({ sealed, ...mail }: CapturedMail): OpenMail {
    return { ...mail, ...(sealed && this.encryption.decryptBody(mail.to, sealed)) };
  }
}
