import { Controller, Get, Param, Res } from '@nestjs/common';
import type { Response } from 'express';
import { DomainError } from '../core/errors/domain-error.js';
import { Access } from '../core/http/access/access.js';
import { page, type Page } from '../core/http/pipeline/answers.js';
import { idParam } from '../core/http/pipeline/id-param.js';
import { LoopbackOnly } from '../core/http/pipeline/loopback-only.js';
import type { CapturedMail } from '../core/mail/captured-mail.entity.js';
import { CapturedMailsRepository } from '../core/mail/captured-mails.repository.js';

/** Shows captured mails. Not in production; elsewhere to a browser on this machine only. */
@Controller('dev')
@Access('probe')
@LoopbackOnly()
export class DevMailPageController {
  constructor(private readonly mails: CapturedMailsRepository) {}

  /** Oldest first: `{to, subject, text, html, created_at}`. */
  @Get('mail.json')
  async data(): Promise<object[]> {
    const mails = await this.mails.all();
    return mails.map(({ to, subject, text, html, createdAt }) => ({
      to,
      subject,
      text,
      html,
      created_at: createdAt,
    }));
  }

  @Get('mail')
  @Access('public')
  async list(): Promise<Page> {
    const mails = await this.mails.all();
    return page('dev/mail-list', { mails: mails.reverse() });
  }

  @Get('mail/:id')
  @Access('public')
  async show(@Param('id') id: string): Promise<Page> {
    return page('dev/mail', { mail: await this.find(id) });
  }

  /** HTML of the mail for the iframe on its page: no scripts, inline styles only. */
  @Get('mail/:id/html')
  async html(@Param('id') id: string, @Res({ passthrough: true }) res: Response): Promise<string> {
    const { html } = await this.find(id);
    const policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox";
    res.setHeader('Content-Security-Policy', policy);
    res.setHeader('X-Frame-Options', 'SAMEORIGIN');
    // Removed because the sandboxed document has an opaque origin, for which browsers log a warning.
    res.removeHeader('Origin-Agent-Cluster');
    res.type('html');
    return html;
  }

  private async find(id: string): Promise<Omit<CapturedMail, 'sealed'>> {
    const mail = await this.mails.find(idParam(id));
    if (!mail) throw new DomainError('not_found', 'errors.not_found');
    return mail;
  }
}
