import { Injectable } from '@nestjs/common';
import type { Response } from 'express';
import { Form } from '../../core/http/forms/form.js';
import { proofForms } from '../../core/http/forms/proof-forms.js';
import { page, seeOther, type Answer, type Page } from '../../core/http/pipeline/answers.js';
import { safePath, withNext } from '../../core/http/security/safe-path.js';
import { SessionCookie } from '../../core/http/security/session-cookie.js';
import type { WaitingSignIn } from '../sign-in/session-opening.js';
import type { Onwards } from '../sign-in/signed-in-answer.js';

export const SECOND_FACTOR_PATH = '/login/second-factor/';

/** The page that asks for the second factor of a sign-in. */
@Injectable()
export class SecondFactorPage {
  constructor(private readonly cookie: SessionCookie) {}

  /**
   * Binds the waiting sign-in to this browser and leads to the page; with form input from before the session
   * ended the page is the answer itself, since the input fits no URL.
   */
  ask(res: Response, { token, expiresIn, factors }: WaitingSignIn, onwards: Onwards): Answer {
    this.cookie.wait(res, token, expiresIn);
    const next = safePath(onwards.next, '');
    if (onwards.draft) return this.show(factors, Form.blank({ next, draft: onwards.draft }));
    return seeOther(withNext(SECOND_FACTOR_PATH, next || null));
  }

  /** `factors`: the kinds the person has. */
  show(factors: readonly string[], form: Form<object>): Page {
    const { passwordForm: _, ...ways } = proofForms(factors, form);
    return page('users/second-factor', ways);
  }
}
