import { Injectable } from '@nestjs/common';
import type { Response } from 'express';
import type { Principal } from '../../core/context/principal.js';
import { actAs } from '../../core/context/request-context.js';
import { Drafts } from '../../core/http/forms/drafts.js';
import { page, seeOther, type Answer } from '../../core/http/pipeline/answers.js';
import { clientInfo } from '../../core/http/security/client-info.js';
import { KnownDevices } from '../../core/http/security/known-devices.js';
import { safePath } from '../../core/http/security/safe-path.js';
import { SessionCookie } from '../../core/http/security/session-cookie.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { NewDeviceNotices } from './new-device-notices.js';
import { homeOf } from './home-of.js';

/** Where the form of a way in leads to, and what was typed before. */
export interface Onwards {
  next?: string | undefined;
  draft?: string | undefined;
}

/** Opens the session in the browser, and answers with what the person was about to do. */
@Injectable()
export class SignedInAnswer {
  constructor(
    private readonly sessions: SessionsService,
    private readonly cookie: SessionCookie,
    private readonly devices: KnownDevices,
    private readonly drafts: Drafts,
    private readonly notices: NewDeviceNotices,
  ) {}

  /** `email`: the address of the account, by which the browser is recognised later. */
  async of(
    res: Response,
    { session, email }: { session: string; email: string },
    { next: asked, draft }: Onwards,
  ): Promise<Answer> {
    this.cookie.open(res, session);
    const next = safePath(asked, '');
    const needsPerson = !next || Boolean(draft);
    const [me] = await Promise.all([
      needsPerson ? this.sessions.authenticate('browser', session) : null,
      this.tellIfNew(res, email),
    ]);
    this.devices.remember(res, email);
    if (!needsPerson) return seeOther(next);
    if (!me) return seeOther(next || '/dashboard/');
    return this.keptForm(me, draft, next || '/dashboard/') ?? seeOther(next || homeOf(me));
  }

  private async tellIfNew(res: Response, email: string): Promise<void> {
    if (this.devices.idFor(res.req, email)) return;
    await this.notices.tellOfBrowser(email, clientInfo(res.req));
  }

  /** The same person's input from before, to be sent again by a button; null without one. */
  keptForm(me: Principal, draft: string | undefined, next: string): Answer | null {
    const typed = this.drafts.unpack(draft, me.userId);
    if (!typed) return null;
    // Rendered for the person who has just signed in: shell, CSRF token and language.
    actAs(me);
    return page('users/kept-form', { typed, next });
  }
}
