import { Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { notificationText } from '../../core/features/declared-texts.js';
import {
  Access,
  DenyImpersonation,
  GateExempt,
  NoCsrfToken,
} from '../../core/http/access/access.js';
import { NotSensitive } from '../../core/http/access/step-up.js';
import { page, type Page } from '../../core/http/pipeline/answers.js';
import type { Subscription } from './unsubscribe-links.js';
import { Unsubscribing } from './unsubscribe.service.js';

/**
 * The link of `List-Unsubscribe` (RFC 8058 §3): mail programs post to it, without cookies and without a token of ours;
 * people who open it are shown a button.
 */
@Controller('notifications/unsubscribe')
@Access('public')
@GateExempt()
@NotSensitive()
@DenyImpersonation()
export class UnsubscribePageController {
  constructor(private readonly unsubscribing: Unsubscribing) {}

  @Get(':token')
  show(@Param('token') token: string): Page {
    return this.page(token, this.unsubscribing.inspect(token), false);
  }

  @Post(':token')
  @HttpCode(200)
  @NoCsrfToken()
  async unsubscribe(@Param('token') token: string): Promise<Page> {
    return this.page(token, await this.unsubscribing.unsubscribe(token), true);
  }

  private page(token: string, { kind }: Subscription, isDone: boolean): Page {
    const label = kind === null ? null : notificationText(kind, 'label');
    return page('notifications/unsubscribe', { token, label: label ?? null, isDone });
  }
}
