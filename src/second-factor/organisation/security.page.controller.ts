import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import type { Principal } from '../../core/context/principal.js';
import { DenyImpersonation, May } from '../../core/http/access/access.js';
import { CurrentUser } from '../../core/http/access/current-user.js';
import { NotSensitive, StepUp } from '../../core/http/access/step-up.js';
import { DomainError } from '../../core/errors/domain-error.js';
import { Form, formOf, submit } from '../../core/http/forms/form.js';
import { idParam } from '../../core/http/pipeline/id-param.js';
import {
  page,
  seeOther,
  success,
  type Answer,
  type Page,
  type Redirect,
} from '../../core/http/pipeline/answers.js';
import { RateLimit } from '../../core/http/security/rate-limit.guard.js';
import { Translator } from '../../core/i18n/translator.js';
import type { TextKey } from '../../core/i18n/text-keys.js';
import { POLICIES, SecurityForm } from './security.forms.js';
import { SecurityService } from './security.service.js';

const PATH = '/settings/security/';

/**
 * Settings tab: whether people need a second factor, and who has one. i18n-uses: second-factor.policies.*
 * i18n-uses: users.factors.*
 */
@Controller('settings/security')
@May('security:read')
@DenyImpersonation()
@NotSensitive()
export class SecurityPolicyPageController {
  constructor(
    private readonly security: SecurityService,
    private readonly texts: Translator,
  ) {}

  @Get()
  show(@CurrentUser() me: Principal): Promise<Page> {
    return this.page(me);
  }

  @Post()
  @May('security:write')
  @StepUp()
  save(
    @CurrentUser() me: Principal,
    @Body(formOf(SecurityForm)) form: Form<SecurityForm>,
  ): Promise<Answer> {
    return submit(
      form,
      (refused) => this.page(me, refused),
      async ({ policy, from, version }) => {
        const today = new Date().toISOString().slice(0, 10);
        const day = policy === 'optional' ? null : (from ?? today);
        await this.security.require(me, day, version === undefined ? undefined : [version]);
        return seeOther(PATH, success('second-factor.flash.policy_saved'));
      },
    );
  }

  @Post('remind')
  @May('security:write')
  @RateLimit('second_factor_reminder')
  async remind(@CurrentUser() me: Principal): Promise<Redirect> {
    const count = await this.security.remind(me);
    return seeOther(PATH, success('second-factor.flash.reminded', { count }));
  }

  @Post(':id/reset')
  @May('security:write')
  @StepUp()
  async reset(@CurrentUser() me: Principal, @Param('id') id: string): Promise<Redirect> {
    try {
      await this.security.reset(me, idParam(id));
      return seeOther(PATH, success('second-factor.flash.reset'));
    } catch (error) {
      if (!(error instanceof DomainError) || error.kind !== 'conflict') throw error;
      return seeOther(PATH, { kind: 'error', key: error.key });
    }
  }

  private async page(me: Principal, refused?: Form<object>): Promise<Page> {
    const { secondFactorFrom, list, people, version, ...counts } = await this.security.overview();
    const policy = secondFactorFrom === null ? 'optional' : 'required';
    const saved = Form.blank({ policy, from: secondFactorFrom, version: String(version) });
    const model = {
      form: refused ?? saved,
      version: String(version),
      policies: POLICIES.map((value) => ({ value })),
      people,
      without: people - counts.protected,
      listed: list.length < people ? list.length : null,
      list: list.map(({ id, email, displayName, role, secondFactors }) => ({
        id,
        email,
        name: displayName ?? email,
        isAdmin: role === 'admin',
        isYou: id === me.profileId,
        factors: secondFactors.map((kind) => this.texts.t(`users.factors.${kind}` as TextKey)),
      })),
    };
    return page('second-factor/security', model, { section: 'settings' });
  }
}
